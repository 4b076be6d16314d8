"""Methods of NumPy's ufuncs of two arguments: `reduce`, `accumulate`, `outer`, `at`, `reduceat`."""

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import axes, constant, kept, kind, lanes, result_type
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
    return _reduced(ufunc, np.asarray(array), axis, dtype, out, keepdims, initial, where)


def _reduced(ufunc, array, axis: constant, dtype, out, keepdims: constant, initial, where):
    """Items are combined one after the other along the axes."""
    along = axes(axis, array.ndim)
    wanted = _wanted(ufunc, array, dtype)
    if (
        len(along) > 1
        and _identity(ufunc, wanted) is None
        and not (ufunc is np.fmax or ufunc is np.fmin or ufunc is np.lcm)
    ):
        raise ValueError(
            f"reduction operation '{ufunc.__name__}' is not reorderable, so at most one axis may be specified"
        )
    rows = lanes(array, along)
    chosen = np.ones((1, rows.shape[1]), np.bool_) if where is None else lanes(_mask(array, where), along)
    if initial is None and _identity(ufunc, wanted) is None:
        if where is not None:
            raise ValueError(
                f"reduction operation '{ufunc.__name__}' does not have an identity, so to use a where mask one has to "
                "specify 'initial'"
            )
        if rows.shape[1] == 0 and rows.shape[0] > 0:
            raise ValueError(f"zero-size array to reduction operation {ufunc.__name__} which has no identity")
    results = np.empty(rows.shape[0], wanted)
    for i in range(len(results)):
        results[i] = _folded(ufunc, rows[i], chosen[i if len(chosen) > 1 else 0], initial, wanted)
    shape = kept(array, along, keepdims)
    return given(results[0] if len(shape) == 0 else results.reshape(shape), out)


def _mask(array, where):
    result = np.empty(array.shape, np.bool_)
    result[...] = where
    return result


def _folded(ufunc, row, chosen, initial, wanted):
    start = _identity(ufunc, wanted) if initial is None else initial
    first = 0
    if start is None:
        total = wanted(row[0])
        first = 1
    else:
        total = wanted(start)
    for i in range(first, len(row)):
        if chosen[i]:
            total = wanted(ufunc(total, wanted(row[i])))
    return total


def _identity(ufunc, wanted):
    """What a ufunc combines with an item to the item; None where there is no such thing."""
    if ufunc is np.bitwise_and:
        return ~wanted(0)
    if ufunc is np.logaddexp or ufunc is np.logaddexp2:
        return wanted(-np.inf)
    if (
        ufunc is np.bitwise_or
        or ufunc is np.bitwise_xor
        or ufunc is np.logical_xor
        or ufunc is np.gcd
        or ufunc is np.hypot
    ):
        return wanted(0)
    return None


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
    if a.ndim == 0 and b.ndim == 0:
        return ufunc(a, b)
    wanted = result_type(ufunc(a.dtype(1), b.dtype(1)))
    result = np.empty(a.shape + b.shape, wanted)
    for i in np.ndindex(a.shape):
        for j in np.ndindex(b.shape):
            result[i + j] = ufunc(a[i], b[j])
    return result


def at(ufunc, array, indices, values):
    if kind(indices) == "int":
        _combine(ufunc, array, indices, values)
    elif array.ndim == 1 and kind(indices) == "array" and kind(indices.dtype(0)) == "int":
        _at_places(ufunc, array, np.where(indices < 0, indices + len(array), indices).reshape(-1), indices, values)
    else:
        # Where the index leads, as places among all items.
        places = np.asarray(np.arange(array.size).reshape(array.shape)[indices])
        _at_places(ufunc, array, places.reshape(-1), places, values)


def _at_places(ufunc, array, places, indices, values):
    """Nothing is written before all places are known to be there."""
    for i in range(len(places)):
        if places[i] < 0 or places[i] >= array.size:
            wrong = indices.reshape(-1)[i]
            raise IndexError(f"index {int(wrong)} is out of bounds for axis 0 with size {array.size}")
    if values is None or kind(values) != "array" and kind(values) != "tuple":
        for place in places:
            _combine_at(ufunc, array, int(place), values)
    else:
        others = np.broadcast_to(np.asarray(values), indices.shape).copy().reshape(-1)
        for i in range(len(places)):
            _combine_at(ufunc, array, int(places[i]), others[i])


def _combine_at(ufunc, array, place: int, value):
    if array.ndim == 1:
        _combine(ufunc, array, place, value)
    else:
        old = array.flat[place]
        array.flat[place] = array.dtype(ufunc(old) if value is None else ufunc(old, value))


def _combine(ufunc, array, index, value):
    if value is None:
        array[index] = array.dtype(ufunc(array[index]))
    else:
        array[index] = array.dtype(ufunc(array[index], value))


def reduceat(ufunc, array, indices, axis: constant, dtype, out):
    along = normalised(0 if axis is None else axis, array.ndim)
    wanted = _wanted(ufunc, array, dtype)
    length = array.shape[along]
    for i in range(len(indices)):
        if indices[i] < 0 or indices[i] >= length:
            raise IndexError(f"index {indices[i]} out-of-bounds in {ufunc.__name__}.reduceat [0, {length})")
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
    own = array.dtype
    if kind(own(0)) == "time":
        return own
    if (ufunc is np.add or ufunc is np.multiply) and (kind(own(0)) == "int" or kind(own(0)) == "bool"):
        return np.uint64 if array.dtype.kind == "u" else np.int64
    return result_type(ufunc(own(1), own(1)))
