"""Putting arrays together and taking them apart along axes."""

import numpy as np
from numir.intrinsics import constant, kind, result_type
from numir.intrinsics import one_axis as normalised


def concatenate(arrays, axis: constant = 0, out=None, dtype=None):
    if kind(arrays) == "array":
        along = normalised(axis, arrays.ndim - 1)
        moved = np.moveaxis(arrays, 0, along)
        shape = moved.shape[:along] + (moved.shape[along] * moved.shape[along + 1],) + moved.shape[along + 2 :]
        return moved.reshape(shape)
    if axis is None:
        rows = ()
        for a in arrays:
            rows = rows + (np.ravel(np.asarray(a)),)
        return concatenate(rows, 0, out, dtype)
    first = np.asarray(arrays[0])
    if first.ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    along = normalised(axis, first.ndim)
    wanted = result_type(*arrays) if dtype is None else dtype
    total = 0
    number = 0
    for a in arrays:
        _match(first, np.asarray(a), along, number)
        total += np.asarray(a).shape[along]
        number += 1
    result = np.empty(first.shape[:along] + (total,) + first.shape[along + 1 :], wanted) if out is None else out
    start = 0
    for a in arrays:
        stop = start + np.asarray(a).shape[along]
        result[(slice(None),) * along + (slice(start, stop),)] = a
        start = stop
    return result


def concat(arrays, axis: constant = 0, out=None, dtype=None):
    return concatenate(arrays, axis, out, dtype)


def _match(first, other, along: constant, number):
    if first.ndim != other.ndim:
        raise ValueError(
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
            f"{first.ndim} dimension(s) and the array at index {number} has {other.ndim} dimension(s)"
        )
    place = 0
    for one, two in zip(first.shape, other.shape):
        if place != along and one != two:
            raise ValueError(
                "all the input array dimensions except for the concatenation axis must match exactly, but along "
                f"dimension {place}, the array at index 0 has size {one} and the array at index {number} has size {two}"
            )
        place += 1


def stack(arrays, axis: constant = 0, out=None, dtype=None):
    if kind(arrays) == "array":
        return np.copy(np.moveaxis(arrays, 0, axis))
    first = np.asarray(arrays[0])
    along = normalised(axis, first.ndim + 1)
    wanted = result_type(*arrays) if dtype is None else dtype
    for a in arrays:
        if np.asarray(a).shape != first.shape:
            raise ValueError("all input arrays must have the same shape")
    shape = first.shape[:along] + (len(arrays),) + first.shape[along:]
    result = np.empty(shape, wanted) if out is None else out
    number = 0
    for a in arrays:
        result[(slice(None),) * along + (number,)] = a
        number += 1
    return result


def hstack(tup, *, dtype=None):
    if kind(tup) == "array":
        return concatenate(tup, 0 if tup.ndim == 2 else 1)
    if np.asarray(tup[0]).ndim == 0:
        rows = ()
        for a in tup:
            rows = rows + (np.atleast_1d(a),)
        return concatenate(rows, 0, None, dtype)
    return concatenate(tup, 0 if np.asarray(tup[0]).ndim == 1 else 1, None, dtype)


def vstack(tup, *, dtype=None):
    if kind(tup) == "array":
        return np.copy(tup) if tup.ndim == 2 else concatenate(tup, 0)
    rows = ()
    for a in tup:
        rows = rows + (np.atleast_2d(a),)
    return concatenate(rows, 0, None, dtype)


def dstack(tup):
    rows = ()
    for a in tup:
        rows = rows + (np.atleast_3d(a),)
    return concatenate(rows, 2)


def column_stack(tup):
    columns = ()
    for a in tup:
        if a.ndim == 1:
            columns = columns + (a[:, None],)
        else:
            columns = columns + (a,)
    return concatenate(columns, 1)


def append(arr, values, axis: constant = None):
    if axis is None:
        return concatenate((np.ravel(np.asarray(arr)), np.ravel(np.asarray(values))), 0)
    return concatenate((arr, np.asarray(values)), axis)


def array_split(ary, indices_or_sections: constant, axis: constant = 0):
    along = normalised(axis, ary.ndim)
    extent = ary.shape[along]
    parts = ()
    start = 0
    if kind(indices_or_sections) == "tuple":
        for stop in indices_or_sections:
            parts = parts + (ary[(slice(None),) * along + (slice(start, stop),)],)
            start = stop
        return parts + (ary[(slice(None),) * along + (slice(start, None),)],)
    if indices_or_sections <= 0:
        raise ValueError("number sections must be larger than 0.")
    number = 0
    for _ in (0,) * indices_or_sections:
        stop = start + extent // indices_or_sections + (1 if number < extent % indices_or_sections else 0)
        parts = parts + (ary[(slice(None),) * along + (slice(start, stop),)],)
        start = stop
        number += 1
    return parts


def split(ary, indices_or_sections: constant, axis: constant = 0):
    along = normalised(axis, ary.ndim)
    if kind(indices_or_sections) == "int" and ary.shape[along] % indices_or_sections != 0:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary, indices_or_sections: constant):
    return split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def vsplit(ary, indices_or_sections: constant):
    if ary.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections: constant):
    if ary.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)


def unstack(x, /, *, axis: constant = 0):
    raise NotImplementedError("unstack: the number of its results depends on the array's shape")


def tile(A, reps):
    array = np.asarray(A)
    counts = reps if kind(reps) == "tuple" else (reps,)
    rank = max(array.ndim, len(counts))
    times = (1,) * (rank - len(counts)) + counts
    source = array.reshape((1,) * (rank - array.ndim) + array.shape)
    shape = ()
    for count, extent in zip(times, source.shape):
        shape = shape + (count * extent,)
    result = np.empty(shape, array.dtype.type)
    for place in np.ndindex(times):
        index = ()
        for number, extent in zip(place, source.shape):
            index = index + (slice(number * extent, (number + 1) * extent),)
        result[index] = source
    return result


def repeat(a, repeats, axis: constant = None):
    if axis is None:
        return _repeated(np.ravel(np.asarray(a)), repeats, 0)
    return _repeated(a, repeats, normalised(axis, a.ndim))


def _repeated(a, repeats, along: constant):
    extent = a.shape[along]
    total = 0
    if kind(repeats) == "int":
        if repeats < 0:
            raise ValueError("repeats may not contain negative values.")
        total = extent * repeats
    else:
        counts = np.asarray(repeats)
        if len(counts) != extent and len(counts) != 1:
            raise ValueError("operands could not be broadcast together")
        for i in range(extent):
            total += counts[i if len(counts) > 1 else 0]
    result = np.empty(a.shape[:along] + (total,) + a.shape[along + 1 :], a.dtype.type)
    start = 0
    for i in range(extent):
        count = repeats if kind(repeats) == "int" else int(np.asarray(repeats)[i if np.size(repeats) > 1 else 0])
        for j in range(start, start + count):
            result[(slice(None),) * along + (j,)] = a[(slice(None),) * along + (i,)]
        start += count
    return result


def roll(a, shift, axis: constant = None):
    if axis is None:
        return roll(np.ravel(a), shift, 0).reshape(a.shape)
    if kind(axis) == "tuple":
        result = np.copy(a)
        number = 0
        for one in axis:
            result = roll(result, shift[number] if kind(shift) == "tuple" else shift, one)
            number += 1
        return result
    along = normalised(axis, a.ndim)
    extent = a.shape[along]
    result = np.empty(a.shape, a.dtype.type)
    by = shift % extent if extent > 0 else 0
    whole = (slice(None),) * along
    result[whole + (slice(by, None),)] = a[whole + (slice(0, extent - by),)]
    result[whole + (slice(0, by),)] = a[whole + (slice(extent - by, None),)]
    return result


def resize(a, new_shape):
    flat = np.ravel(np.asarray(a))
    result = np.zeros(new_shape, flat.dtype.type)
    if len(flat) > 0:
        number = 0
        for place in np.ndindex(result.shape):
            result[place] = flat[number % len(flat)]
            number += 1
    return result


def delete(arr, obj, axis: constant = None):
    if axis is None:
        return delete(np.ravel(arr), obj, 0)
    along = normalised(axis, arr.ndim)
    extent = arr.shape[along]
    keep = np.ones(extent, np.bool_)
    if kind(obj) == "int":
        if obj < -extent or obj >= extent:
            raise IndexError(f"index {obj} is out of bounds for axis {along} with size {extent}")
        keep[obj] = False
    elif isinstance(obj, slice):
        keep[obj] = False
    else:
        places = np.asarray(obj)
        for i in range(len(places)):
            if places[i] < -extent or places[i] >= extent:
                raise IndexError(f"index {places[i]} is out of bounds for axis {along} with size {extent}")
            keep[places[i]] = False
    result = np.empty(arr.shape[:along] + (np.sum(keep),) + arr.shape[along + 1 :], arr.dtype.type)
    number = 0
    for i in range(extent):
        if keep[i]:
            result[(slice(None),) * along + (number,)] = arr[(slice(None),) * along + (i,)]
            number += 1
    return result


def insert(arr, obj: int, values, axis: constant = None):
    if axis is None:
        return insert(np.ravel(arr), obj, np.ravel(np.asarray(values)), 0)
    along = normalised(axis, arr.ndim)
    extent = arr.shape[along]
    if obj < -extent or obj > extent:
        raise IndexError(f"index {obj} is out of bounds for axis {along} with size {extent}")
    place = obj + extent if obj < 0 else obj
    count = np.shape(values)[along] if np.ndim(values) == arr.ndim else 1
    result = np.empty(arr.shape[:along] + (extent + count,) + arr.shape[along + 1 :], arr.dtype.type)
    whole = (slice(None),) * along
    result[whole + (slice(0, place),)] = arr[whole + (slice(0, place),)]
    result[whole + (slice(place, place + count),)] = values
    result[whole + (slice(place + count, None),)] = arr[whole + (slice(place, None),)]
    return result
