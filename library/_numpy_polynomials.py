"""NumPy's polynomials by their coefficients, the highest power first."""

import numpy as np
from _numpy_signals import convolve
from numir.intrinsics import kind, result_type


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
