"""NumPy's covariances, convolutions and interpolation."""

import numpy as np
from numir.intrinsics import constant, kind, result_type


def cov(m, y=None, rowvar: constant = True, bias: bool = False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    variables = _variables(np.asarray(m), y, rowvar, dtype)
    if kind(y) == "none" and np.asarray(m).ndim == 1:
        return np.asarray(_covariance(variables, bias, ddof, fweights, aweights)[0, 0])
    if len(variables) == 1:
        raise NotImplementedError("cov of one variable in an array of two axes: give it as one of one axis")
    return _covariance(variables, bias, ddof, fweights, aweights)


def corrcoef(x, y=None, rowvar: constant = True, *, dtype=None):
    variables = _variables(np.asarray(x), y, rowvar, dtype)
    c = _covariance(variables, False, None, None, None)
    if kind(y) == "none" and np.asarray(x).ndim == 1:
        return c[0, 0] / c[0, 0]
    if len(variables) == 1:
        raise NotImplementedError("corrcoef of one variable in an array of two axes: give it as one of one axis")
    count = len(c)
    spreads = np.empty(count, c.real.dtype)
    for i in range(count):
        spreads[i] = np.sqrt(c[i, i].real)
    for i in range(count):
        for j in range(count):
            c[i, j] = _within(c[i, j] / spreads[i] / spreads[j])
    return c


def _within(x):
    """A coefficient between -1 and 1, as its parts are if it is complex."""
    if kind(x) == "complex":
        return x.dtype(complex(_within(x.real), _within(x.imag)))
    one = x.dtype(1)
    if x > one:
        return one
    return -one if x < -one else x


def _variables(m, y, rowvar: constant, dtype):
    """The variables as rows of a new array."""
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    first = _rows(m, rowvar)
    if y is None:
        wanted = result_type(m, np.float64) if dtype is None else dtype
        return first.astype(wanted)
    other = np.asarray(y)
    if other.ndim > 2:
        raise ValueError("y has more than 2 dimensions")
    second = _rows(other, rowvar)
    if first.shape[1] != second.shape[1]:
        raise ValueError("all the input array dimensions except for the concatenation axis must match exactly")
    wanted = result_type(m, other, np.float64) if dtype is None else dtype
    result = np.empty((len(first) + len(second), first.shape[1]), wanted)
    result[: len(first)] = first
    result[len(first) :] = second
    return result


def _rows(m, rowvar: constant):
    if m.ndim == 1:
        return m.reshape((1, m.size))
    if m.ndim == 0:
        return m.reshape((1, 1))
    return m.copy() if rowvar else m.T.copy()


def _covariance(x, bias, ddof, fweights, aweights):
    count = x.shape[1]
    weights = np.ones(count, np.float64)
    if fweights is not None:
        if len(fweights) != count:
            raise RuntimeError("incompatible numbers of samples and fweights")
        for j in range(count):
            if fweights[j] < 0:
                raise ValueError("fweights cannot be negative")
            weights[j] *= fweights[j]
    if aweights is not None:
        if len(aweights) != count:
            raise RuntimeError("incompatible numbers of samples and aweights")
        for j in range(count):
            if aweights[j] < 0:
                raise ValueError("aweights cannot be negative")
            weights[j] *= aweights[j]
    total = weights.sum()
    less = (0.0 if bias else 1.0) if ddof is None else float(ddof)
    rest = total - less
    if aweights is not None:
        squares = 0.0
        for j in range(count):
            squares += weights[j] * aweights[j]
        rest = total - less * squares / total
    rest = max(rest, 0.0)
    for i in range(len(x)):
        mean = np.sum(x[i] * weights) / total
        for j in range(count):
            x[i, j] -= x.dtype(mean)
    result = np.empty((len(x), len(x)), x.dtype)
    for i in range(len(x)):
        scaled = x[i] * weights
        for j in range(len(x)):
            result[i, j] = x.dtype(np.sum(scaled * _conjugate(x[j])) / rest)
    return result


def _conjugate(a):
    if kind(a.dtype(0)) != "complex":
        return a
    result = np.empty(a.shape, a.dtype)
    for i in range(len(a)):
        result[i] = a[i].conjugate()
    return result


def convolve(a, v, mode="full"):
    x, y = np.asarray(a), np.asarray(v)
    if x.ndim > 1 or y.ndim > 1:
        raise ValueError("object too deep for desired array")
    if x.size == 0:
        raise ValueError("a cannot be empty")
    if y.size == 0:
        raise ValueError("v cannot be empty")
    wanted = result_type(x, y)
    first, second = x.reshape(-1).astype(wanted), y.reshape(-1).astype(wanted)
    return _window(_products(first, second), first.size, second.size, mode, (min(first.size, second.size) - 1) // 2)


def correlate(a, v, mode="valid"):
    x, y = np.asarray(a), np.asarray(v)
    if x.ndim != 1 or y.ndim != 1:
        raise ValueError("object of too small depth for desired array")
    if x.size == 0 or y.size == 0:
        raise ValueError("first array argument cannot be empty")
    wanted = result_type(x, y)
    first, second = x.astype(wanted), _conjugate(y.astype(wanted))[::-1].copy()
    short = min(first.size, second.size)
    return _window(
        _products(first, second), first.size, second.size, mode, (short - 1) // 2 if x.size >= y.size else short // 2
    )


def _products(x, y):
    """The whole convolution: rows of multiples of the longer are added."""
    if len(y) > len(x):
        return _products(y, x)
    result = np.zeros(len(x) + len(y) - 1, x.dtype)
    for j in range(len(y)):
        factor = y[j]
        row = result[j : j + len(x)]
        for i in range(len(x)):
            row[i] += x[i] * factor
    return result


def _window(whole, m: int, n: int, mode, start):
    longer, shorter = max(m, n), min(m, n)
    if mode == "full":
        return whole
    if mode == "same":
        return whole[start : start + longer].copy()
    if mode != "valid":
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got '{mode}')")
    return whole[shorter - 1 : longer].copy()


def interp(x, xp, fp, left=None, right=None, period=None):
    if period is not None:
        return _periodic(x, np.asarray(xp), np.asarray(fp), abs(float(period)))
    places, values = np.asarray(xp), np.asarray(fp)
    if len(places) == 0:
        raise ValueError("array of sample points is empty")
    if len(places) != len(values):
        raise ValueError("fp and xp are not of the same length.")
    wanted = result_type(values, np.float64)
    below = wanted(values[0]) if left is None else wanted(left)
    above = wanted(values[-1]) if right is None else wanted(right)
    if kind(x) != "array" and kind(x) != "tuple":
        return _interpolated(float(x), places, values, below, above, wanted)
    array = np.asarray(x)
    items = array.reshape(-1)
    result = np.empty(len(items), wanted)
    for i in range(len(items)):
        result[i] = _interpolated(float(items[i]), places, values, below, above, wanted)
    return result.reshape(array.shape)


def _periodic(x, xp, fp, period):
    if period == 0.0:
        raise ValueError("period must be a non-zero value")
    if xp.ndim != 1 or fp.ndim != 1:
        raise ValueError("Data points must be 1-D sequences")
    count = len(xp)
    if count != len(fp):
        raise ValueError("fp and xp are not of the same length")
    within = np.mod(xp * 1.0, period)
    order = np.argsort(within)
    places = np.empty(count + 2, np.float64)
    values = np.empty(count + 2, result_type(fp, np.float64))
    for i in range(count):
        places[i + 1] = within[order[i]]
        values[i + 1] = fp[order[i]]
    # One point more on each side, a period away.
    places[0], values[0] = places[count] - period, values[count]
    places[count + 1], values[count + 1] = places[1] + period, values[1]
    here = float(x) % period if kind(x) != "array" and kind(x) != "tuple" else np.mod(np.asarray(x) * 1.0, period)
    return interp(here, places, values)


def _interpolated(x, places, values, below, above, wanted):
    last = len(places) - 1
    if x != x:
        return wanted(x) if last > 0 else wanted(values[0])
    if x < places[0]:
        return below
    if x > places[last]:
        return above
    low, high = 0, last + 1
    while low < high:
        middle = (low + high) >> 1
        behind = places[middle] <= x
        low = middle + 1 if behind else low
        high = high if behind else middle
    i = low - 1
    if i >= last:
        return wanted(values[last])
    here, there = float(places[i]), float(places[i + 1])
    if here == x:
        return wanted(values[i])
    y, z = wanted(values[i]), wanted(values[i + 1])
    slope = (z - y) / (there - here)
    result = slope * (x - here) + y
    if result != result:
        result = slope * (x - there) + z
        if result != result and y == z:
            result = y
    return wanted(result)
