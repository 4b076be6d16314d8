"""Making arrays: diagonals, grids, and sequences of numbers."""

import numpy as np
from numir.intrinsics import constant, kind, result_type


def ascontiguousarray(a, dtype=None):
    array = np.atleast_1d(np.asarray(a, dtype))
    return array if array.flags.c_contiguous else np.copy(array, "C")


def asfortranarray(a, dtype=None):
    array = np.atleast_1d(np.asarray(a, dtype))
    # Of several axes it is the type that says the order, so that what is computed of it keeps it.
    if array.ndim == 1:
        if array.flags.f_contiguous:
            return array
    result = np.empty(array.shape, array.dtype, "F")
    result[...] = array
    return result


def eye(N, M=None, k=0, dtype=np.float64, order: constant = "C"):
    columns = N if M is None else M
    result = np.zeros((N, columns), dtype, order)
    for i in range(max(0, -k), min(N, columns - k)):
        result[i, i + k] = 1
    return result


def identity(n, dtype=np.float64):
    return eye(n, None, 0, dtype)


def tri(N, M=None, k=0, dtype=np.float64):
    rows, columns = max(N, 0), max(N if M is None else M, 0)
    result = np.zeros((rows, columns), dtype)
    for i in range(rows):
        result[i, : max(0, min(columns, i + k + 1))] = 1
    return result


def tril(m, k=0):
    return _lower(np.asarray(m), k)


def _lower(m, k):
    result = np.zeros(m.shape if m.ndim > 1 else (len(m), len(m)), m.dtype)
    for place in np.ndindex(result.shape[:-2]):
        for i in range(result.shape[-2]):
            stop = max(0, min(result.shape[-1], i + k + 1))
            if m.ndim > 1:
                result[place + (i, slice(0, stop))] = m[place + (i, slice(0, stop))]
            else:
                result[i, :stop] = m[:stop]
    return result


def triu(m, k=0):
    return _upper(np.asarray(m), k)


def _upper(m, k):
    result = np.zeros(m.shape if m.ndim > 1 else (len(m), len(m)), m.dtype)
    for place in np.ndindex(result.shape[:-2]):
        for i in range(result.shape[-2]):
            start = max(0, min(result.shape[-1], i + k))
            if m.ndim > 1:
                result[place + (i, slice(start, None))] = m[place + (i, slice(start, None))]
            else:
                result[i, start:] = m[start:]
    return result


def diag(v, k=0):
    return _diagonal(np.asarray(v), k)


def _diagonal(v, k):
    if v.ndim == 1:
        size = len(v) + abs(k)
        result = np.zeros((size, size), v.dtype)
        for i in range(len(v)):
            result[i + max(0, -k), i + max(0, k)] = v[i]
        return result
    if v.ndim != 2:
        raise ValueError("Input must be 1- or 2-d.")
    return np.diagonal(v, k)


def diagflat(v, k=0):
    return _diagonal(np.ravel(np.asarray(v)), k)


def vander(x, N=None, increasing=False):
    columns = len(x) if N is None else N
    result = np.empty((len(x), columns), result_type(x, np.int64(0)))
    for i in range(len(x)):
        power = result.dtype(1)
        for j in range(columns):
            result[i, j if increasing else columns - 1 - j] = power
            power = power * result.dtype(x[i])
    return result


def meshgrid(*xi, copy: constant = True, sparse: constant = False, indexing: constant = "xy"):
    if indexing != "xy" and indexing != "ij":
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    shape = ()
    for x in xi:
        shape = shape + (np.size(x),)
    if indexing == "xy" and len(xi) > 1:
        shape = (shape[1], shape[0]) + shape[2:]
    grids = ()
    axis = 0
    for x in xi:
        along = 1 - axis if indexing == "xy" and len(xi) > 1 and axis < 2 else axis
        line = np.ravel(np.asarray(x)).reshape((1,) * along + (-1,) + (1,) * (len(xi) - 1 - along))
        if sparse:
            grids = grids + (np.copy(line),)
        else:
            grid = np.empty(shape, line.dtype)
            grid[...] = line
            grids = grids + (grid,)
        axis += 1
    return grids


def indices(dimensions, dtype=np.int64, sparse: constant = False):
    rank = len(dimensions)
    if sparse:
        lines = ()
        axis = 0
        for extent in dimensions:
            lines = lines + (np.arange(extent, dtype=dtype).reshape((1,) * axis + (-1,) + (1,) * (rank - 1 - axis)),)
            axis += 1
        return lines
    result = np.empty((rank,) + dimensions, dtype)
    axis = 0
    for extent in dimensions:
        result[axis] = np.arange(extent, dtype=dtype).reshape((1,) * axis + (-1,) + (1,) * (rank - 1 - axis))
        axis += 1
    return result


def fromfunction(function, shape, *, dtype=np.float64):
    arguments = ()
    axis = 0
    places = indices(shape, dtype)
    for _ in shape:
        arguments = arguments + (places[axis],)
        axis += 1
    return function(*arguments)


def logspace(start, stop, num: int = 50, endpoint: bool = True, base=10.0, dtype=None, axis: constant = 0):
    exponents = np.linspace(start, stop, num, endpoint, axis=axis)
    values = np.power(result_type(exponents, base)(base), exponents)
    return values if dtype is None else values.astype(dtype)


def geomspace(start, stop, num: int = 50, endpoint: bool = True, dtype=None, axis: constant = 0):
    first, last = np.asarray(start), np.asarray(stop)
    if np.any(first == 0) or np.any(last == 0):
        raise ValueError("Geometric sequence cannot include zero")
    if first.ndim > 0 or last.ndim > 0:
        values = _geometric_lines(first, last, num, endpoint, axis)
    else:
        values = _geometric(
            result_type(first, last, 1.0)(first[()]), result_type(first, last, 1.0)(last[()]), num, endpoint
        )
    return values if dtype is None else values.astype(dtype)


def _geometric(start, stop, num: int, endpoint: bool):
    """Numbers of one type, each the one before it times a factor."""
    sign = start / abs(start) if kind(start) == "complex" else _sign(start, stop)
    first, last = start / sign, stop / sign
    exponents = np.linspace(np.log10(first), np.log10(last), num, endpoint)
    values = np.power(result_type(start)(10), exponents.astype(result_type(start))) * sign
    if num > 0:
        values[0] = start
        if num > 1 and endpoint:
            values[num - 1] = stop
    return values


def _sign(start, stop):
    one = result_type(start)(1)
    return -one if start < 0 and stop < 0 else one


def _geometric_lines(start, stop, num: int, endpoint: bool, axis: constant):
    wanted = result_type(start, stop, 1.0)
    first, last = np.broadcast_arrays(start, stop)
    result = np.empty((num,) + first.shape, wanted)
    for place in np.ndindex(first.shape):
        line = _geometric(wanted(first[place]), wanted(last[place]), num, endpoint)
        for i in range(num):
            result[(i,) + place] = line[i]
    return result if axis == 0 else np.moveaxis(result, 0, axis)
