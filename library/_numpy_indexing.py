"""Choosing items: by indices in arrays, by masks, by conditions."""

import numpy as np
from numir.intrinsics import constant, kind, result_type, select
from numir.intrinsics import one_axis as normalised


def where(condition, x=None, y=None, /):
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    return select(condition, x, y)


def nonzero(a):
    array = np.asarray(a)
    count = np.count_nonzero(array)
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
        return array[_position(int(indices), extent, mode)]
    result = np.empty(shape, array.dtype.type) if out is None else out
    for place in np.ndindex(places.shape):
        position = _position(int(places[place]), extent, mode)
        result[(slice(None),) * along + place] = array[(slice(None),) * along + (position,)]
    return result


def _position(index: int, extent: int, mode: constant):
    if mode == "wrap":
        return index % extent
    if mode == "clip":
        return max(0, min(index, extent - 1))
    if index < -extent or index >= extent:
        raise IndexError(f"index {index} is out of bounds for axis 0 with size {extent}")
    return index


def put(a, ind, v, mode: constant = "raise"):
    places = np.ravel(np.asarray(ind))
    values = np.ravel(np.asarray(v))
    for number in range(len(places)):
        a.flat[_position(int(places[number]), a.size, mode)] = values[number % len(values)]


def compress(condition, a, axis: constant = None, out=None):
    array = np.asarray(a)
    if axis is None:
        return take(np.ravel(array), flatnonzero(condition), 0, out)
    return take(array, flatnonzero(condition), axis, out)


def extract(condition, arr):
    return take(np.ravel(np.asarray(arr)), flatnonzero(condition), 0)


def place(arr, mask, vals):
    values = np.ravel(np.asarray(vals))
    number = 0
    for position in np.ndindex(arr.shape):
        if mask[position]:
            arr[position] = values[number % len(values)]
            number += 1


def putmask(a, mask, values):
    given = np.ravel(np.asarray(values))
    number = 0
    for position in np.ndindex(a.shape):
        if mask[position]:
            a[position] = given[number % len(given)]
        number += 1


def copyto(dst, src, casting="same_kind", where=True):
    dst[...] = select(where, src, dst)


def choose(a, choices):
    result = np.zeros(np.asarray(a).shape, result_type(*choices))
    number = 0
    for choice in choices:
        result[...] = select(a == number, choice, result)
        number += 1
    for position in np.ndindex(result.shape):
        if a[position] < 0 or a[position] >= len(choices):
            raise ValueError("invalid entry in choice array")
    return result


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


def diagonal(a, offset=0, axis1: constant = 0, axis2: constant = 1):
    """A copy: NumPy's is a view that cannot be written to."""
    first, second = normalised(axis1, a.ndim), normalised(axis2, a.ndim)
    moved = np.moveaxis(a, (first, second), (-2, -1))
    rows, columns = moved.shape[-2], moved.shape[-1]
    count = max(0, min(rows - max(0, -offset), columns - max(0, offset)))
    result = np.empty(moved.shape[:-2] + (count,), a.dtype.type)
    for position in np.ndindex(result.shape):
        i = position[-1]
        result[position] = moved[position[:-1] + (i + max(0, -offset), i + max(0, offset))]
    return result


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


def unravel_index(indices, shape):
    extents = (shape,) if kind(shape) == "int" else shape
    total = 1
    for extent in extents:
        total *= extent
    places = ()
    rest = indices
    if kind(indices) == "array":
        if np.any(indices < 0) or np.any(indices >= total):
            raise ValueError("index is out of bounds for array with this shape")
    elif indices < 0 or indices >= total:
        raise ValueError(f"index {indices} is out of bounds for array with size {total}")
    for extent in extents[::-1]:
        places = (rest % extent,) + places
        rest = rest // extent
    return places


def ravel_multi_index(multi_index, dims, mode: constant = "raise"):
    result = multi_index[0] * 0
    for index, extent in zip(multi_index, dims):
        if mode == "wrap":
            result = result * extent + index % extent
        elif mode == "clip":
            result = result * extent + np.minimum(np.maximum(index, 0), extent - 1)
        else:
            if np.any(np.asarray(index) < 0) or np.any(np.asarray(index) >= extent):
                raise ValueError("invalid entry in coordinates array")
            result = result * extent + index
    return result
