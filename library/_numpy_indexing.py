"""Choosing items: by indices in arrays, by masks, by conditions."""

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import constant, kind, result_type, select
from numir.intrinsics import one_axis as normalised


def where(condition, x=None, y=None, /):
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    kinds = (kind(condition), kind(x), kind(y))
    if "array" in kinds or "tuple" in kinds:
        return select(_not_tuple(condition), _not_tuple(x), _not_tuple(y))
    return _numpys(select(condition, x, y))


def _numpys(number):
    """A number as one of NumPy's."""
    if isinstance(number, bool):
        return np.bool_(number)
    if isinstance(number, int):
        return np.int64(number)
    if isinstance(number, float):
        return np.float64(number)
    return np.complex128(number) if isinstance(number, complex) else number


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
    # What is written to may be what is read.
    result = np.empty(shape, array.dtype)
    for place in np.ndindex(places.shape):
        position = _position(int(places[place]), along, extent, mode)
        result[(slice(None),) * along + place] = array[(slice(None),) * along + (position,)]
    return given(result, out)


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
        raise TypeError(
            f"Cannot cast array data from dtype('{values.dtype.name}') to dtype('{a.dtype.name}') "
            "according to the rule 'safe'"
        )


def copyto(dst, src, casting: constant = "same_kind", where=True):
    source = src if isinstance(src, int) or isinstance(src, float) else np.asarray(src)
    if not _castable(source, dst, casting):
        raise TypeError(
            f"Cannot cast array data from dtype('{np.asarray(src).dtype.name}') to dtype('{dst.dtype.name}') "
            f"according to the rule '{casting}'"
        )
    if kind(source) == "array" and source.dtype != dst.dtype:
        dst[...] = select(where, source.astype(dst.dtype), dst)
    else:
        dst[...] = select(where, source, dst)


def _castable(src, dst, casting: constant):
    if casting == "unsafe":
        return True
    if casting == "same_kind":
        return _same_kind(src, dst)
    if kind(src) != "array":
        return _same_kind(src, dst)
    return (
        src.dtype == dst.dtype
        if casting == "no" or casting == "equiv"
        else np.dtype(result_type(src, dst)) == dst.dtype
    )


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
    array, places = np.asarray(arr), np.asarray(indices)
    if axis is None:
        if places.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        return _taken_along(array.reshape(-1), places, 0)
    return _taken_along(array, places, normalised(axis, array.ndim))


def _taken_along(arr, indices, along: constant):
    _check_along(arr, indices, along)
    result = np.empty(indices.shape, arr.dtype)
    for position in np.ndindex(indices.shape):
        result[position] = arr[_beside(position, arr.shape, along, int(indices[position]))]
    return result


def _beside(position, shape, along: constant, index: int):
    """A place with another index along an axis; where the array has one item along the others it is that one."""
    result = ()
    axis = 0
    for at, extent in zip(position, shape):
        result = result + (index if axis == along else (0 if extent == 1 else at),)
        axis += 1
    return result


def _check_along(arr, indices, along: constant):
    if kind(indices.dtype(0)) != "int":
        raise IndexError("`indices` must be an integer array")
    if arr.ndim != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    axis = 0
    for one, other in zip(arr.shape, indices.shape):
        if axis != along and one != other and one != 1 and other != 1:
            raise IndexError("shape mismatch: indexing arrays could not be broadcast together")
        axis += 1
    _check_positions(indices, along, arr.shape[along], "raise")


def put_along_axis(arr, indices, values, axis: constant):
    places = np.asarray(indices)
    if axis is None:
        if places.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        _check_positions(places, 0, arr.size, "raise")
        chosen = np.empty(places.shape, arr.dtype)
        chosen[...] = values
        for i in range(len(places)):
            arr.flat[int(places[i])] = chosen[i]
    else:
        _put_along(arr, places, values, normalised(axis, arr.ndim))


def _put_along(arr, indices, values, along: constant):
    _check_along(arr, indices, along)
    chosen = np.empty(indices.shape, arr.dtype)
    chosen[...] = values
    for position in np.ndindex(indices.shape):
        arr[_beside(position, arr.shape, along, int(indices[position]))] = chosen[position]


def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    shortest = a.shape[0]
    for extent in a.shape:
        shortest = min(shortest, extent)
    if a.ndim > 2:
        for extent in a.shape:
            if extent != shortest:
                raise ValueError("All dimensions of input must be of equal length")
    values = np.asarray(val).reshape(-1)
    if len(values) > 0:
        for i in range(shortest):
            a[(i,) * a.ndim] = values[i % len(values)]
        if wrap and a.ndim == 2:
            rows, columns = a.shape
            row, number = columns + 1, shortest
            while row < rows:
                for j in range(min(columns, rows - row)):
                    a[row + j, j] = values[number % len(values)]
                    number += 1
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
        line = _positions(np.asarray(sequence))
        lines = lines + (line.reshape((1,) * axis + (-1,) + (1,) * (len(args) - 1 - axis)),)
        axis += 1
    return lines


def _positions(a):
    """What an open grid takes of a line: where it is true, if it is of bools."""
    if a.ndim != 1:
        raise ValueError("Cross index must be 1 dimensional")
    if kind(a.dtype(0)) == "bool":
        return nonzero(a)[0]
    if kind(a.dtype(0)) == "int":
        return a
    # An empty list is one of places.
    if len(a) > 0:
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    return a.astype(np.int64)
