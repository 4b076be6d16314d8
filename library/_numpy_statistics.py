"""NumPy's means, spreads and orders of magnitude: mean, var, std, average, median, percentile, quantile."""

import numpy as np
from _numpy_reductions import given, reduced
from _numpy_sorting import merge_sort
from numir.intrinsics import axes, constant, kept, kind, lanes, libm, reduce, result_type, select


def mean(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, *, where=None):
    array = np.asarray(a)
    wanted = inexact(array) if dtype is None else dtype
    return given(_mean(array, axis, wanted, keepdims, where), out)


def inexact(a):
    """The dtype of an array's mean."""
    name = kind(a.dtype(0))
    return np.float64 if name == "bool" or name == "int" else a.dtype


def _mean(a, axis: constant, dtype, keepdims: constant, where):
    # Sums of narrow floats are taken in wider ones.
    wide = np.float32 if dtype == np.float16 else dtype
    chosen = a if where is None else select(where, a, a.dtype(0))
    total = reduced("add", chosen, axis, keepdims, wide)
    result = total / as_dtype(_count(a, axis, keepdims, where), wide)
    return as_dtype(result, dtype)


def as_dtype(x, dtype):
    return x.astype(dtype) if kind(x) == "array" else dtype(x)


def _count(a, axis: constant, keepdims: constant, where):
    """How many items a reduction takes: an int, or an array of them where a mask chooses."""
    if where is None:
        count = 1
        for along in axes(axis, a.ndim):
            count *= a.shape[along]
        return np.int64(count)
    chosen = np.empty(a.shape, np.int64)
    chosen[...] = where
    return reduced("add", chosen, axis, keepdims, np.int64)


def var(
    a,
    axis: constant = None,
    dtype=None,
    out=None,
    ddof=0,
    keepdims: constant = False,
    *,
    where=None,
    mean=None,
    correction=None,
):
    array = np.asarray(a)
    wanted = inexact(array) if dtype is None else dtype
    less = ddof if correction is None else correction
    return given(_var(array, axis, wanted, less, keepdims, where, mean), out)


def std(
    a,
    axis: constant = None,
    dtype=None,
    out=None,
    ddof=0,
    keepdims: constant = False,
    *,
    where=None,
    mean=None,
    correction=None,
):
    array = np.asarray(a)
    wanted = inexact(array) if dtype is None else dtype
    less = ddof if correction is None else correction
    return given(np.sqrt(_var(array, axis, wanted, less, keepdims, where, mean)), out)


def _var(a, axis: constant, dtype, ddof, keepdims: constant, where, mean):
    wide = np.float32 if dtype == np.float16 else dtype
    real = wide(0).real.dtype
    if axis is None and not keepdims and where is None and mean is None:
        centre = _mean(a, None, wide, False, None)
        total = reduce("add", _squares(a - centre))
        return as_dtype(total / real(max(a.size - ddof, 0)), real if dtype != np.float16 else dtype)
    centre = _mean(a, axis, wide, True, where) if mean is None else mean
    squares = _squares(a - centre)
    chosen = squares if where is None else select(where, squares, real(0))
    total = reduced("add", chosen, axis, keepdims, real)
    count = _count(a, axis, keepdims, where)
    rest = as_dtype(np.maximum(count - ddof, 0), real)
    return as_dtype(total / rest, real if dtype != np.float16 else dtype)


def _squares(x):
    if kind(x.dtype(0)) == "complex":
        return x.real * x.real + x.imag * x.imag
    return x * x


def average(a, axis: constant = None, weights=None, returned: constant = False, *, keepdims: constant = False):
    array = np.asarray(a)
    if weights is None:
        result = _mean(array, axis, inexact(array), keepdims, None)
        if kind(result) == "array":
            if result.size == 0:
                raise ZeroDivisionError("division by zero")
        if returned:
            return result, _full_like(result, _count(array, axis, keepdims, None))
        return result
    by = np.asarray(weights)
    wanted = result_type(array, by, inexact(array))
    if by.ndim != array.ndim:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if by.ndim != 1:
            raise NotImplementedError("average: weights of more than one axis, but of fewer than the array")
        spread = np.empty(array.shape, by.dtype)
        _spread(spread, by, axes(axis, array.ndim)[0])
        return _average(array, spread, axis, wanted, returned, keepdims)
    if by.shape != array.shape:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    return _average(array, by, axis, wanted, returned, keepdims)


def _spread(target, weights, along: constant):
    if len(weights) != target.shape[along]:
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    for place in np.ndindex(target.shape):
        target[place] = weights[place[along]]


def _average(a, weights, axis: constant, wanted, returned: constant, keepdims: constant):
    scale = reduced("add", weights, axis, keepdims, wanted)
    if (scale == 0) if kind(scale) != "array" else (scale == 0).any():
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    result = reduced("add", a * weights, axis, keepdims, wanted) / scale
    return (result, scale) if returned else result


def _full_like(x, value):
    if kind(x) == "array":
        return np.full(x.shape, value, x.dtype)
    return x.dtype(value)


def median(a, axis: constant = None, out=None, overwrite_input=False, keepdims: constant = False):
    array = np.asarray(a)
    along = axes(axis, array.ndim)
    rows = lanes(array, along)
    medians = np.empty(rows.shape[0], inexact(array))
    spare = np.empty(rows.shape[1], array.dtype)
    for i in range(len(medians)):
        spare[:] = rows[i]
        medians[i] = median_of(spare, inexact(array))
    return given(shaped(medians, kept(array, along, keepdims)), out)


def shaped(results, shape):
    return results[0] if len(shape) == 0 else results.reshape(shape)


def median_of(row, dtype):
    """The median of a row, whose items change places."""
    count = len(row)
    if count == 0:
        return dtype(np.nan)
    for i in range(count):
        if row[i] != row[i]:
            return dtype(np.nan)
    half = count >> 1
    select_item(row, half)
    upper = dtype(row[half])
    if count & 1:
        return upper
    lower = dtype(reduce("max", row[:half]))
    return dtype((lower + upper) / dtype(2))


def select_item(row, place: int):
    """Moves items so that the one that is at a place in order is there, none after it is less and none before it greater."""
    low, high = 0, len(row) - 1
    rounds = 0
    while low < high:
        if rounds > 64:
            merge_sort(row, np.empty(len(row), row.dtype))
            return
        rounds += 1
        pivot = _middle(row[low], row[(low + high) >> 1], row[high])
        i, j = low, high
        while i <= j:
            while row[i] < pivot:
                i += 1
            while pivot < row[j]:
                j -= 1
            if i <= j:
                x, y = row[i], row[j]
                row[i] = y
                row[j] = x
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            return


def _middle(x, y, z):
    if y < x:
        if z < y:
            return y
        return z if z < x else x
    if z < x:
        return x
    return z if z < y else y


def percentile(
    a,
    q,
    axis: constant = None,
    out=None,
    overwrite_input=False,
    method="linear",
    keepdims: constant = False,
    *,
    weights=None,
):
    if weights is not None:
        raise NotImplementedError("percentile: weights")
    return given(
        _quantiles(np.asarray(a), q, 100.0, "Percentiles must be in the range [0, 100]", axis, method, keepdims, False),
        out,
    )


def quantile(
    a,
    q,
    axis: constant = None,
    out=None,
    overwrite_input=False,
    method="linear",
    keepdims: constant = False,
    *,
    weights=None,
):
    if weights is not None:
        raise NotImplementedError("quantile: weights")
    return given(
        _quantiles(np.asarray(a), q, 1.0, "Quantiles must be in the range [0, 1]", axis, method, keepdims, False), out
    )


def quantiles_without_nan(a, q, whole, message, axis: constant, method, keepdims: constant):
    return _quantiles(a, q, whole, message, axis, method, keepdims, True)


def _quantiles(a, q, whole, message, axis: constant, method, keepdims: constant, skip):
    """The quantiles of rows; several ones lie along a first axis of the result."""
    along = axes(axis, a.ndim)
    rows = lanes(a, along)
    asked = np.asarray(q) if kind(q) == "array" or kind(q) == "tuple" else np.full(1, q, np.float64)
    wanted = a.dtype
    if method != "lower" and method != "higher" and method != "nearest":
        # Several places are an array, whose dtype counts; a number's does not.
        wanted = inexact(a) if kind(q) != "array" and kind(q) != "tuple" else result_type(inexact(a), inexact(asked))
    places = np.empty(asked.size, np.float64)
    position = 0
    for item in asked.flat:
        places[position] = item / whole
        if not 0.0 <= places[position] <= 1.0:
            raise ValueError(message)
        position += 1
    result = np.empty((len(places), rows.shape[0]), wanted)
    spare = np.empty(rows.shape[1], a.dtype)
    more = np.empty(rows.shape[1], a.dtype)
    for i in range(rows.shape[0]):
        spare[:] = rows[i]
        merge_sort(spare, more)
        count = len(spare)
        if skip:
            while count > 0 and spare[count - 1] != spare[count - 1]:
                count -= 1
        for j in range(len(places)):
            result[j, i] = quantile_of(spare[:count], places[j], method, wanted)
    shape = kept(a, along, keepdims)
    if kind(q) == "array" or kind(q) == "tuple":
        return result.reshape(asked.shape + shape)
    return shaped(result[0], shape)


def quantile_of(row, q, method, dtype):
    """A quantile of a row in order, in which NaN is last."""
    count = len(row)
    if count == 0:
        if kind(dtype(0)) == "int":
            raise IndexError("cannot do a non-empty take from an empty axes.")
        return dtype(np.nan)
    if row[count - 1] != row[count - 1]:
        return dtype(row[count - 1])
    place = _virtual_place(count, q, method)
    place = min(max(place, 0.0), float(count - 1))
    below = int(place)
    if method == "lower":
        return dtype(row[below])
    if method == "higher":
        return dtype(row[int(libm("ceil", place))])
    if method == "nearest":
        return dtype(row[int(libm("rint", place))])
    above = min(below + 1, count - 1)
    x, y = dtype(row[below]), dtype(row[above])
    part = place - float(below)
    if method == "midpoint":
        part = 0.5 if part > 0.0 else 0.0
    distance = y - x
    if part >= 0.5:
        return dtype(y - distance * dtype(1.0 - part))
    return dtype(x + distance * dtype(part))


def _virtual_place(count: int, q: float, method):
    """Where in the row a quantile lies, by Hyndman and Fan."""
    n = float(count)
    if method == "hazen":
        return n * q - 0.5
    if method == "weibull":
        return (n + 1.0) * q - 1.0
    if method == "median_unbiased":
        return n * q + (1.0 / 3.0 + q * (1.0 / 3.0)) - 1.0
    if method == "normal_unbiased":
        return n * q + (3.0 / 8.0 + q * (1.0 / 4.0)) - 1.0
    if method == "interpolated_inverted_cdf":
        return n * q - 1.0
    if method != "linear" and method != "lower" and method != "higher" and method != "midpoint" and method != "nearest":
        raise ValueError(f"'{method}' is not a valid method for np.quantile that is compiled")
    return (n - 1.0) * q
