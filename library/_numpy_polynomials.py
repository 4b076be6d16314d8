"""NumPy's polynomials by their coefficients, the highest power first."""

import numpy as np
from _numpy_linalg_decompositions import eigvals
from _numpy_linalg_solutions import inv, lstsq
from _numpy_signals import convolve
from numir.intrinsics import constant, kind, result_type


def polyval(p, x):
    coefficients = np.asarray(p)
    if kind(x) != "array" and kind(x) != "tuple":
        wanted = result_type(coefficients, np.asarray(x))
        value = wanted(0)
        for i in range(len(coefficients)):
            value = value * wanted(x) + wanted(coefficients[i])
        return value
    places = np.asarray(x)
    result = np.zeros(places.shape, result_type(coefficients, places))
    for i in range(len(coefficients)):
        result[...] = result * places + coefficients[i]
    return result


def polyadd(a1, a2):
    return _added(_row(a1), _row(a2), False)


def polysub(a1, a2):
    return _added(_row(a1), _row(a2), True)


def _row(p):
    return np.asarray(p).reshape(-1)


def _added(x, y, negative):
    count = max(len(x), len(y))
    result = np.zeros(count, result_type(x, y))
    result[count - len(x) :] = x
    for i in range(len(y)):
        place = count - len(y) + i
        result[place] = result[place] - y[i] if negative else result[place] + y[i]
    return result


def polymul(a1, a2):
    return convolve(_trimmed(_row(a1)), _trimmed(_row(a2)))


def _trimmed(p):
    """Without zeros in front, but for one where nothing else is."""
    start = 0
    while start < len(p) and p[start] == 0:
        start += 1
    if start == len(p):
        return np.zeros(1, p.dtype)
    return p[start:].copy()


def polyder(p, m=1):
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    coefficients = _row(p)
    current = coefficients.astype(result_type(coefficients, np.int64))
    for _ in range(m):
        count = max(len(current) - 1, 0)
        derived = np.empty(count, current.dtype)
        for i in range(count):
            derived[i] = current[i] * current.dtype(count - i)
        current = derived
    return current


def polyint(p, m=1, k=None):
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    constants = np.zeros(1, np.float64) if k is None else _row(k)
    if len(constants) < m and len(constants) > 1:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    coefficients = _row(p)
    current = coefficients.astype(result_type(coefficients, constants, np.float64))
    for round in range(m):
        count = len(current)
        integral = np.empty(count + 1, current.dtype)
        for i in range(count):
            integral[i] = current[i] / current.dtype(count - i)
        integral[count] = constants[round if len(constants) > 1 else 0]
        current = integral
    return current


def polyfit(x, y, deg: int, rcond=None, full: constant = False, w=None, cov: constant = False):
    places, values = np.asarray(x) + 0.0, np.asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if places.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if places.size == 0:
        raise TypeError("expected non-empty vector for x")
    if values.ndim < 1 or values.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if len(places) != len(values):
        raise TypeError("expected x and y to have same length")
    powers = np.vander(places, deg + 1)
    right = np.copy(values)
    if w is not None:
        weights = np.asarray(w) + 0.0
        if weights.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if len(weights) != len(values):
            raise TypeError("expected w and y to have the same length")
        powers *= weights[:, None]
        right *= weights if right.ndim == 1 else weights[:, None]
    scale = np.sqrt((powers * powers).sum(axis=0))
    powers /= scale
    cut = len(places) * 2.220446049250313e-16 if rcond is None else rcond
    solution, rest, rank, sizes = lstsq(powers, right, cut)
    found = solution / scale if solution.ndim == 1 else solution / scale[:, None]
    if full:
        return found, rest, np.int32(rank), sizes, cut
    if not cov:
        return found
    spread = inv(powers.T @ powers) / np.outer(scale, scale)
    if cov != "unscaled":
        if len(places) <= deg + 1:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        rest = rest / float(len(places) - deg - 1)
        return found, (spread * rest[0] if values.ndim == 1 else spread[:, :, None] * rest)
    return found, (spread if values.ndim == 1 else spread[:, :, None])


def roots(p):
    """The eigenvalues of the companion matrix, complex in any case: whether they are all real is not known while compiling."""
    coefficients = np.atleast_1d(np.asarray(p)) + 0j
    if coefficients.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    first, last = 0, len(coefficients)
    while first < last and coefficients[first] == 0:
        first += 1
    while last > first and coefficients[last - 1] == 0:
        last -= 1
    zeros = len(coefficients) - last if last > first else 0
    count = max(last - first - 1, 0)
    result = np.zeros(count + zeros, np.complex128)
    if count > 0:
        companion = np.zeros((count, count), np.complex128)
        for i in range(count):
            companion[0, i] = -coefficients[first + 1 + i] / coefficients[first]
        for i in range(1, count):
            companion[i, i - 1] = 1
        result[:count] = eigvals(companion)
    return result
