"""Methods of NumPy's ufuncs of two arguments: `reduce`, `accumulate`, `outer`, `at`, `reduceat`."""

import numpy as np
from numir.intrinsics import constant, kind, result_type
from numir.intrinsics import one_axis as normalised


def reduce(ufunc, array, axis: constant, dtype, out, keepdims: constant, initial, where):
    if ufunc is np.add:
        return np.sum(array, axis, dtype, out, keepdims, initial, where)
    if ufunc is np.multiply:
        return np.prod(array, axis, dtype, out, keepdims, initial, where)
    if ufunc is np.maximum:
        return np.max(array, axis, out, keepdims, initial, where)
    if ufunc is np.minimum:
        return np.min(array, axis, out, keepdims, initial, where)
    if ufunc is np.logical_and:
        return np.all(array, axis, out, keepdims)
    if ufunc is np.logical_or:
        return np.any(array, axis, out, keepdims)
    if initial is not None or where is not None or keepdims:
        raise NotImplementedError("reduce: initial, where and keepdims of this ufunc")
    return _last(accumulate(ufunc, array, axis, dtype, None), axis, out)


def _last(totals, axis: constant, out):
    along = normalised(axis, totals.ndim)
    if totals.shape[along] == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    if totals.ndim == 1 and out is None:
        return totals[-1]
    result = np.empty(totals.shape[:along] + totals.shape[along + 1 :], totals.dtype.type) if out is None else out
    for place in np.ndindex(result.shape):
        result[place] = totals[place[:along] + (totals.shape[along] - 1,) + place[along:]]
    return result


def accumulate(ufunc, array, axis: constant, dtype, out):
    along = normalised(0 if axis is None else axis, array.ndim)
    wanted = _wanted(ufunc, array, dtype)
    result = np.empty(array.shape, wanted) if out is None else out
    if array.size > 0:
        for place in np.ndindex(array.shape[:along] + array.shape[along + 1 :]):
            before, behind = place[:along], place[along:]
            total = wanted(array[before + (0,) + behind])
            result[before + (0,) + behind] = total
            for i in range(1, array.shape[along]):
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


def reduceat(ufunc, array, indices, axis: constant, dtype, out):
    along = normalised(0 if axis is None else axis, array.ndim)
    wanted = _wanted(ufunc, array, dtype)
    length = array.shape[along]
    for i in range(len(indices)):
        if indices[i] < 0 or indices[i] >= length:
            raise IndexError(f"index {indices[i]} out-of-bounds in reduceat [0, {length})")
    shape = array.shape[:along] + (len(indices),) + array.shape[along + 1 :]
    result = np.empty(shape, wanted) if out is None else out
    for place in np.ndindex(array.shape[:along] + array.shape[along + 1 :]):
        before, behind = place[:along], place[along:]
        for i in range(len(indices)):
            first = indices[i]
            last = indices[i + 1] if i + 1 < len(indices) else length
            total = wanted(array[before + (first,) + behind])
            for k in range(first + 1, last):
                total = wanted(ufunc(total, wanted(array[before + (k,) + behind])))
            result[before + (i,) + behind] = total
    return result


def _wanted(ufunc, array, dtype):
    """The type in which items are combined: sums and products of small integers are of 64 bits."""
    if dtype is not None:
        return np.dtype(dtype).type
    own = array.dtype.type
    if (ufunc is np.add or ufunc is np.multiply) and (kind(own(0)) == "int" or kind(own(0)) == "bool"):
        return np.uint64 if array.dtype.kind == "u" else np.int64
    return result_type(ufunc(own(1), own(1)))
