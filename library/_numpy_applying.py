"""NumPy's functions that take functions, and its questions about types."""

import numpy as np
from numir.intrinsics import constant, kind, lanes, one_axis, result_type, unlaned


def apply_along_axis(func1d, axis: constant, arr, *args):
    array = np.asarray(arr)
    along = one_axis(axis, array.ndim)
    rows = lanes(array, along)
    if len(rows) == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    first = func1d(rows[0], *args)
    if kind(first) == "array" and first.ndim > 0:
        if first.ndim > 1:
            raise NotImplementedError("apply_along_axis of a function whose results have several axes")
        result = np.empty((len(rows), len(first)), first.dtype)
        result[0] = first
        for i in range(1, len(rows)):
            result[i] = func1d(rows[i], *args)
        return unlaned(result, array, along)
    numbers = np.empty(len(rows), np.asarray(first).dtype)
    numbers[0] = first
    for i in range(1, len(rows)):
        numbers[i] = func1d(rows[i], *args)
    return numbers.reshape(array.shape[:along] + array.shape[along + 1 :])


def apply_over_axes(func, a, axes: constant):
    result = np.asarray(a)
    ndim = result.ndim
    chosen = (axes,) if kind(axes) == "int" else axes
    for axis in chosen:
        given = func(result, axis if axis >= 0 else ndim + axis)
        result = given if given.ndim == ndim else np.expand_dims(given, axis if axis >= 0 else ndim + axis)
    return result


def piecewise(x, condlist, funclist, *args):
    items = np.asarray(x)
    result = np.zeros(items.shape, items.dtype)
    conditions = condlist if kind(condlist) == "tuple" else (condlist,)
    if kind(conditions[0]) == "bool":
        conditions = (np.asarray(condlist),)
    if len(funclist) != len(conditions) and len(funclist) != len(conditions) + 1:
        count = len(conditions)
        raise ValueError(f"with {count} condition(s), either {count} or {count + 1} functions are expected")
    rest = np.ones(items.shape, np.bool_)
    for condition in conditions:
        rest &= np.logical_not(condition)
    number = 0
    for function in funclist:
        chosen = np.asarray(conditions[number] if number < len(conditions) else rest, np.bool_)
        if kind(function) == "none":
            some = items[chosen]
            if len(some) > 0:
                result[chosen] = function(some, *args)
        else:
            result[chosen] = function
        number += 1
    return result


def block(arrays):
    if kind(arrays) != "tuple":
        return np.copy(np.asarray(arrays))
    return _block(arrays, _rank(arrays))


def _block(arrays, rank: constant):
    if kind(arrays) != "tuple":
        array = np.asarray(arrays)
        return array[(None,) * (len(rank) - array.ndim)]
    if len(arrays) == 0:
        raise ValueError("List at arrays cannot be empty")
    parts = ()
    for one in arrays:
        parts = parts + (_block(one, rank),)
    return np.concatenate(parts, -len(_depth(arrays)))


def _depth(arrays):
    """As many items as there are lists within each other."""
    return (0,) + _depth(arrays[0]) if kind(arrays) == "tuple" else ()


def _rank(arrays):
    """As many items as the result has axes."""
    result = _depth(arrays)
    for one in arrays:
        found = _rank(one) if kind(one) == "tuple" else (0,) * np.asarray(one).ndim
        below = (0,) + found if kind(one) == "tuple" and len(found) < len(_depth(one)) else found
        result = below if len(below) > len(result) else result
        if len(_depth(one)) + 1 != len(_depth(arrays)):
            raise ValueError("List depths are mismatched.")
    return result


def mask_indices(n, mask_func, k=0):
    return np.nonzero(mask_func(np.ones((n, n), np.int64), k) != 0)


def iscomplexobj(x):
    return kind(np.asarray(x).dtype(0)) == "complex"


def isrealobj(x):
    return not iscomplexobj(x)


def iscomplex(x):
    if kind(np.asarray(x).dtype(0)) == "complex":
        return x.imag != 0
    return np.zeros(np.asarray(x).shape, np.bool_)[()] if kind(x) != "array" else np.zeros(x.shape, np.bool_)


def isreal(x):
    if kind(np.asarray(x).dtype(0)) == "complex":
        return x.imag == 0
    return np.ones(np.asarray(x).shape, np.bool_)[()] if kind(x) != "array" else np.ones(x.shape, np.bool_)


def isposinf(x, out=None):
    return np.logical_and(np.isinf(x), np.logical_not(np.signbit(x)), out=out)


def isneginf(x, out=None):
    return np.logical_and(np.isinf(x), np.signbit(x), out=out)


def isscalar(element):
    name = kind(element)
    return name == "bool" or name == "int" or name == "float" or name == "complex" or name == "time"


def iterable(y):
    return (kind(y) == "array" and y.ndim > 0) or kind(y) == "tuple" or kind(y) == "range"


def sort_complex(a):
    items = np.asarray(a)
    name = kind(items.dtype(0))
    if name == "complex":
        return np.sort(items)
    return np.sort(items).astype(np.complex64 if name == "int" and items.itemsize < 4 else np.complex128)


def asanyarray(a, dtype=None):
    return np.asarray(a, dtype)


def asarray_chkfinite(a, dtype=None):
    array = np.asarray(a, dtype)
    if not np.all(np.isfinite(array)):
        raise ValueError("array must not contain infs or NaNs")
    return array


def astype(x, dtype, /, *, copy=True):
    if kind(x) != "array":
        raise TypeError("Input should be a NumPy array.")
    return x.astype(dtype)


def frombuffer(buffer, dtype=np.float64, count: int = -1, offset: int = 0):
    items = buffer.reshape(-1).view(dtype)
    size = np.empty(0, dtype).itemsize
    if offset < 0 or offset > len(items) * size:
        raise ValueError(f"offset must be non-negative and no greater than buffer length ({len(items) * size})")
    if offset % size != 0:
        raise NotImplementedError("frombuffer from within an item")
    first = offset // size
    if count < 0:
        if first >= len(items):
            raise ValueError("buffer size must be a multiple of element size")
        return items[first:]
    if first + count > len(items):
        raise ValueError("buffer is smaller than requested size")
    return items[first : first + count]


def poly(seq_of_zeros):
    zeros = np.asarray(seq_of_zeros)
    if zeros.ndim != 1:
        raise NotImplementedError("poly of a matrix")
    result = np.ones(1, result_type(zeros, np.float64) if kind(zeros.dtype(0)) != "float" else zeros.dtype)
    for i in range(len(zeros)):
        longer = np.zeros(len(result) + 1, result.dtype)
        longer[: len(result)] = result
        longer[1:] -= zeros[i] * result
        result = longer
    return result


def polydiv(u, v):
    w = result_type(np.asarray(u), np.asarray(v), np.float64)
    rest, divisor = np.atleast_1d(np.asarray(u)).astype(w), np.atleast_1d(np.asarray(v)).astype(w)
    m, n = len(rest) - 1, len(divisor) - 1
    scale = w(1.0) / divisor[0]
    quotient = np.zeros(max(m - n + 1, 1), w)
    for k in range(m - n + 1):
        factor = scale * rest[k]
        quotient[k] = factor
        for j in range(n + 1):
            rest[k + j] -= factor * divisor[j]
    start = 0
    while start < len(rest) - 1 and abs(rest[start]) <= 1e-8:
        start += 1
    return quotient, rest[start:]
