"""Choosing items: by indices in arrays, by masks, by conditions."""

import numpy as np
from numir.intrinsics import constant, kind, result_type, select
from numir.intrinsics import one_axis as normalised


def where(condition, x=None, y=None, /):
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    return select(_not_tuple(condition), _not_tuple(x), _not_tuple(y))


def _not_tuple(a):
    return np.asarray(a) if kind(a) == "tuple" else a


def nonzero(a):
    array = np.asarray(a)
    if array.ndim == 0:
        raise ValueError("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.")
    count = 0
    for item in array.flat:
        if item:
            count += 1
    places = ()
    for _ in array.shape:
        places = places + (np.empty(count, np.int64),)
    number = 0
    for place in np.ndindex(array.shape):
        if array[place]:
            for position, axis in zip(place, places):
                axis[number] = position
            number += 1
    return places


def flatnonzero(a):
    return nonzero(np.ravel(np.asarray(a)))[0]


def argwhere(a):
    array = np.asarray(a)
    result = np.empty((np.count_nonzero(array), array.ndim), np.int64)
    number = 0
    for place in np.ndindex(array.shape):
        if array[place]:
            column = 0
            for position in place:
                result[number, column] = position
                column += 1
            number += 1
    return result


def take(a, indices, axis: constant = None, out=None, mode: constant = "raise"):
    array = np.asarray(a)
    if axis is None:
        return take(np.ravel(array), indices, 0, out, mode)
    along = normalised(axis, array.ndim)
    places = np.asarray(indices)
    extent = array.shape[along]
    shape = array.shape[:along] + places.shape + array.shape[along + 1 :]
    if places.ndim == 0 and array.ndim == 1 and out is None:
        return array[_position(int(indices), along, extent, mode)]
    _check_positions(places, along, extent, mode)
    result = np.empty(shape, array.dtype.type) if out is None else out
    for place in np.ndindex(places.shape):
        position = _position(int(places[place]), along, extent, mode)
        result[(slice(None),) * along + place] = array[(slice(None),) * along + (position,)]
    return result


def _check_positions(places, axis: constant, extent: int, mode: constant):
    """Before anything is written."""
    for index in places.flat:
        _position(int(index), axis, extent, mode)


def _position(index: int, axis: constant, extent: int, mode: constant):
    if extent == 0:
        raise IndexError("cannot do a non-empty take from an empty axes.")
    if mode == "wrap":
        return index % extent
    if mode == "clip":
        return max(0, min(index, extent - 1))
    if index < -extent or index >= extent:
        raise IndexError(f"index {index} is out of bounds for axis {axis} with size {extent}")
    return index


def put(a, ind, v, mode: constant = "raise"):
    places = np.ravel(np.asarray(ind)).copy()
    values = np.ravel(np.asarray(v)).copy()
    _check_positions(places, 0, a.size, mode)
    if len(values) > 0:
        for number in range(len(places)):
            a.flat[_position(int(places[number]), 0, a.size, mode)] = values[number % len(values)]


def compress(condition, a, axis: constant = None, out=None):
    array = np.asarray(a)
    if axis is None:
        return take(np.ravel(array), flatnonzero(condition), 0, out)
    return take(array, flatnonzero(condition), axis, out)


def extract(condition, arr):
    return take(np.ravel(np.asarray(arr)), flatnonzero(condition), 0)


def place(arr, mask, vals):
    _check_cast(vals, arr)
    if arr.size != np.size(mask):
        raise ValueError("place: mask and data must be the same size")
    chosen = np.ravel(np.asarray(mask)).copy()
    values = np.ravel(np.asarray(vals)).copy()
    if len(values) == 0 and np.any(chosen):
        raise ValueError("Cannot insert from an empty array!")
    number = 0
    for position in range(len(chosen)):
        if chosen[position]:
            arr.flat[position] = values[number % len(values)]
            number += 1


def putmask(a, mask, values):
    _check_cast(values, a)
    if a.shape != np.shape(mask):
        raise ValueError("putmask: mask and data must be the same size")
    chosen = np.ravel(np.asarray(mask)).copy()
    given = np.ravel(np.asarray(values)).copy()
    if len(given) > 0:
        for position in range(len(chosen)):
            if chosen[position]:
                a.flat[position] = given[position % len(given)]


def _check_cast(values, a):
    if kind(values) == "array" and np.dtype(result_type(a, values)) != a.dtype:
        raise TypeError("Cannot cast array data according to the rule 'safe'")


def copyto(dst, src, casting: constant = "same_kind", where=True):
    if casting != "same_kind":
        raise NotImplementedError("copyto: a casting other than 'same_kind'")
    if not _same_kind(src, dst):
        raise TypeError("Cannot cast what is copied according to the rule 'same_kind'")
    dst[...] = select(where, src, dst)


def _rank(x):
    """Where a value's kind stands: bools, unsigned and signed integers, floats, complex numbers."""
    if kind(x) == "array":
        if x.dtype.kind == "u":
            return 1
        return _rank(x.dtype(0))
    if kind(x) == "bool":
        return 0
    return 2 if kind(x) == "int" else 3 if kind(x) == "float" else 4


def _same_kind(src, dst):
    if isinstance(src, int) and dst.dtype.kind == "u":
        return True
    return _rank(src) <= _rank(dst)


# `select` of NumPy, not of the intrinsics.
def select_(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    result = select(condlist[-1], choicelist[-1], default)
    number = len(condlist) - 1
    for _ in condlist[1:]:
        number -= 1
        result = select(condlist[number], choicelist[number], result)
    return result


def take_along_axis(arr, indices, axis: constant = -1):
    along = normalised(axis, arr.ndim)
    result = np.empty(indices.shape, arr.dtype.type)
    for position in np.ndindex(indices.shape):
        result[position] = arr[position[:along] + (int(indices[position]),) + position[along + 1 :]]
    return result


def put_along_axis(arr, indices, values, axis: constant):
    along = normalised(axis, arr.ndim)
    given = np.empty(indices.shape, arr.dtype.type)
    given[...] = values
    _check_positions(indices, along, arr.shape[along], "raise")
    for position in np.ndindex(indices.shape):
        arr[position[:along] + (int(indices[position]),) + position[along + 1 :]] = given[position]


def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    shortest = a.shape[0]
    for extent in a.shape:
        shortest = min(shortest, extent)
    for i in range(shortest):
        a[(i,) * a.ndim] = val
    if wrap and a.ndim == 2:
        rows, columns = a.shape
        row = columns + 1
        while row < rows:
            for j in range(min(columns, rows - row)):
                a[row + j, j] = val
            row += columns + 1


def diag_indices(n, ndim: constant = 2):
    return (np.arange(n),) * ndim


def tril_indices(n, k=0, m=None):
    return nonzero(np.tri(n, m, k, np.bool_))


def triu_indices(n, k=0, m=None):
    return nonzero(np.logical_not(np.tri(n, m, k - 1, np.bool_)))


def ix_(*args):
    lines = ()
    axis = 0
    for sequence in args:
        line = np.asarray(sequence)
        lines = lines + (line.reshape((1,) * axis + (-1,) + (1,) * (len(args) - 1 - axis)),)
        axis += 1
    return lines
