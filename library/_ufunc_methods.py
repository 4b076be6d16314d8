"""Methods of NumPy's ufuncs of two arguments: `accumulate`, `outer`, `at`, `reduceat`."""

import numpy as np
from numir.intrinsics import kind, result_type


def accumulate(ufunc, array, axis, dtype, out):
    axis = _normalised(axis, array.ndim)
    wanted = _wanted(ufunc, array, dtype)
    result = np.empty(array.shape, wanted) if out is None else out
    if array.size > 0:
        for place in np.ndindex(array.shape[:axis] + array.shape[axis + 1 :]):
            before, behind = place[:axis], place[axis:]
            total = wanted(array[before + (0,) + behind])
            result[before + (0,) + behind] = total
            for i in range(1, array.shape[axis]):
                total = wanted(ufunc(total, wanted(array[before + (i,) + behind])))
                result[before + (i,) + behind] = total
    return result


def outer(ufunc, left, right):
    a, b = np.asarray(left), np.asarray(right)
    wanted = result_type(ufunc(a.dtype.type(1), b.dtype.type(1)))
    result = np.empty(a.shape + b.shape, wanted)
    for i in np.ndindex(a.shape):
        for j in np.ndindex(b.shape):
            result[i + j] = ufunc(a[i], b[j])
    return result


def at(ufunc, array, indices, values):
    if kind(indices) == "int":
        _combine(ufunc, array, indices, values)
    elif values is None:
        for i in range(len(indices)):
            array[indices[i]] = array.dtype.type(ufunc(array[indices[i]]))
    elif kind(values) == "array" or kind(values) == "tuple":
        for i in range(len(indices)):
            _combine(ufunc, array, indices[i], values[i if len(values) > 1 else 0])
    else:
        for i in range(len(indices)):
            _combine(ufunc, array, indices[i], values)


def _combine(ufunc, array, index, value):
    if value is None:
        array[index] = array.dtype.type(ufunc(array[index]))
    else:
        array[index] = array.dtype.type(ufunc(array[index], value))


def reduceat(ufunc, array, indices, axis, dtype, out):
    axis = _normalised(axis, array.ndim)
    wanted = _wanted(ufunc, array, dtype)
    length = array.shape[axis]
    for i in range(len(indices)):
        if indices[i] < 0 or indices[i] >= length:
            raise IndexError(f"index {indices[i]} out-of-bounds in reduceat [0, {length})")
    shape = array.shape[:axis] + (len(indices),) + array.shape[axis + 1 :]
    result = np.empty(shape, wanted) if out is None else out
    for place in np.ndindex(array.shape[:axis] + array.shape[axis + 1 :]):
        before, behind = place[:axis], place[axis:]
        for i in range(len(indices)):
            first = indices[i]
            last = indices[i + 1] if i + 1 < len(indices) else length
            total = wanted(array[before + (first,) + behind])
            for k in range(first + 1, last):
                total = wanted(ufunc(total, wanted(array[before + (k,) + behind])))
            result[before + (i,) + behind] = total
    return result


def _normalised(axis, rank):
    if axis is None:
        return 0
    if axis < -rank or axis >= rank:
        raise ValueError(f"axis {axis} is out of bounds for array of dimension {rank}")
    return axis + rank if axis < 0 else axis


def _wanted(ufunc, array, dtype):
    """The type in which items are combined: sums and products of small integers are of 64 bits."""
    if dtype is not None:
        return np.dtype(dtype).type
    own = array.dtype.type
    if (ufunc is np.add or ufunc is np.multiply) and (kind(own(0)) == "int" or kind(own(0)) == "bool"):
        return np.uint64 if array.dtype.kind == "u" else np.int64
    return result_type(ufunc(own(1), own(1)))
