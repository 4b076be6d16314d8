"""Putting arrays together and taking them apart along axes."""

import numpy as np
from numir.intrinsics import constant, kind, result_type
from numir.intrinsics import one_axis as normalised


def concatenate(arrays, /, axis: constant = 0, out=None, *, dtype=None, casting: constant = "same_kind"):
    return _concatenated(arrays, axis, out, dtype, casting)


def _concatenated(arrays, axis: constant, out, dtype, casting: constant):
    if kind(arrays) == "tuple":
        if len(arrays) == 0:
            raise ValueError("need at least one array to concatenate")
        if dtype is not None:
            for a in arrays:
                np.empty(0, np.asarray(a).dtype).astype(dtype, casting=casting)
    if kind(arrays) == "array":
        along = normalised(axis, arrays.ndim - 1)
        moved = np.moveaxis(arrays, 0, along)
        shape = moved.shape[:along] + (moved.shape[along] * moved.shape[along + 1],) + moved.shape[along + 2 :]
        return moved.reshape(shape)
    if axis is None:
        rows = ()
        for a in arrays:
            rows = rows + (np.ravel(np.asarray(a)),)
        return _concatenated(rows, 0, out, dtype, casting)
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


def concat(arrays, /, axis: constant = 0, out=None, *, dtype=None, casting: constant = "same_kind"):
    return _concatenated(arrays, axis, out, dtype, casting)


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


def stack(arrays, axis: constant = 0, out=None, *, dtype=None, casting: constant = "same_kind"):
    if kind(arrays) == "array":
        return np.copy(np.moveaxis(arrays, 0, axis), "C")
    if len(arrays) == 0:
        raise ValueError("need at least one array to stack")
    if dtype is not None:
        for a in arrays:
            np.empty(0, np.asarray(a).dtype).astype(dtype, casting=casting)
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


def hstack(tup, *, dtype=None, casting: constant = "same_kind"):
    if kind(tup) == "array":
        return concatenate(tup, 0 if tup.ndim == 2 else 1)
    if np.asarray(tup[0]).ndim == 0:
        rows = ()
        for a in tup:
            rows = rows + (np.atleast_1d(a),)
        return concatenate(rows, 0, dtype=dtype, casting=casting)
    return concatenate(tup, 0 if np.asarray(tup[0]).ndim == 1 else 1, dtype=dtype, casting=casting)


def vstack(tup, *, dtype=None, casting: constant = "same_kind"):
    if kind(tup) == "array":
        return np.copy(tup, "C") if tup.ndim == 2 else concatenate(tup, 0)
    rows = ()
    for a in tup:
        rows = rows + (np.atleast_2d(a),)
    return concatenate(rows, 0, dtype=dtype, casting=casting)


def dstack(tup):
    rows = ()
    for a in tup:
        rows = rows + (np.atleast_3d(a),)
    return concatenate(rows, 2)


def column_stack(tup):
    columns = ()
    for one in tup:
        a = np.asarray(one)
        if a.ndim < 2:
            columns = columns + (a.reshape(-1, 1),)
        else:
            columns = columns + (a,)
    return concatenate(columns, 1)


def append(arr, values, axis: constant = None):
    if axis is None:
        return concatenate((np.ravel(np.asarray(arr)), np.ravel(np.asarray(values))), 0)
    return concatenate((arr, np.asarray(values)), axis)


def array_split(ary, indices_or_sections: constant, axis: constant = 0):
    return _parts(np.asarray(ary), indices_or_sections, axis)


def _parts(ary, indices_or_sections: constant, axis: constant):
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
    return _equal_parts(np.asarray(ary), indices_or_sections, axis)


def _equal_parts(ary, indices_or_sections: constant, axis: constant):
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
    result = np.empty(shape, array.dtype)
    for place in np.ndindex(times):
        index = ()
        for number, extent in zip(place, source.shape):
            index = index + (slice(number * extent, (number + 1) * extent),)
        result[index] = source
    return result


def repeat(a, repeats, axis: constant = None):
    if axis is None:
        return _repeated(np.ravel(np.asarray(a)), repeats, 0)
    array = np.asarray(a)
    return _repeated(array, repeats, normalised(axis, array.ndim))


def _repeated(a, repeats, along: constant):
    extent = a.shape[along]
    total = 0
    if kind(repeats) == "int":
        if repeats < 0:
            raise ValueError("negative dimensions are not allowed")
        total = extent * repeats
    else:
        counts = np.asarray(repeats)
        if len(counts) != extent and len(counts) != 1:
            raise ValueError(f"operands could not be broadcast together with shape ({extent},) ({len(counts)},)")
        for i in range(extent):
            count = counts[i if len(counts) > 1 else 0]
            if count < 0:
                raise ValueError("repeats may not contain negative values.")
            total += count
    result = np.empty(a.shape[:along] + (total,) + a.shape[along + 1 :], a.dtype)
    start = 0
    for i in range(extent):
        count = repeats if kind(repeats) == "int" else int(np.asarray(repeats)[i if np.size(repeats) > 1 else 0])
        for j in range(start, start + count):
            result[(slice(None),) * along + (j,)] = a[(slice(None),) * along + (i,)]
        start += count
    return result


def roll(a, shift, axis: constant = None):
    return _rolled(np.asarray(a), shift, axis)


def _rolled(a, shift, axis: constant):
    if axis is None:
        by = 0
        if kind(shift) == "tuple":
            for one in shift:
                by += one
        else:
            by = shift
        return _rolled(a.reshape(-1), by, 0).reshape(a.shape)
    if kind(axis) == "tuple":
        if kind(shift) == "tuple":
            if len(shift) != len(axis) and len(shift) != 1:
                raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
        result = np.copy(a, "C")
        number = 0
        for one in axis:
            by = shift
            if kind(shift) == "tuple":
                by = shift[number if len(shift) > 1 else 0]
            result = _rolled(result, by, one)
            number += 1
        return result
    along = normalised(axis, a.ndim)
    extent = a.shape[along]
    result = np.empty(a.shape, a.dtype)
    by = shift % extent if extent > 0 else 0
    whole = (slice(None),) * along
    result[whole + (slice(by, None),)] = a[whole + (slice(0, extent - by),)]
    result[whole + (slice(0, by),)] = a[whole + (slice(extent - by, None),)]
    return result


def resize(a, new_shape):
    flat = np.ravel(np.asarray(a))
    for extent in new_shape if kind(new_shape) == "tuple" else (new_shape,):
        if extent < 0:
            raise ValueError("all elements of `new_shape` must be non-negative")
    result = np.zeros(new_shape, flat.dtype)
    if len(flat) > 0:
        number = 0
        for place in np.ndindex(result.shape):
            result[place] = flat[number % len(flat)]
            number += 1
    return result


def delete(arr, obj, axis: constant = None):
    array = np.asarray(arr)
    if axis is None:
        return _without(array.reshape(-1), obj, 0)
    return _without(array, obj, normalised(axis, array.ndim))


def _without(arr, obj, along: constant):
    extent = arr.shape[along]
    keep = np.ones(extent, np.bool_)
    if kind(obj) == "int":
        _check_place(obj, along, extent)
        keep[obj] = False
    elif isinstance(obj, slice):
        keep[obj] = False
    elif np.size(obj) > 0:
        places = np.asarray(obj).reshape(-1)
        if kind(places.dtype(0)) == "bool":
            if len(places) != extent:
                raise ValueError(
                    f"boolean array argument `obj` to delete must be one-dimensional and match the axis length of {extent}"
                )
            keep[places] = False
        else:
            for place in places:
                _check_place(int(place), along, extent)
                keep[int(place)] = False
    result = np.empty(arr.shape[:along] + (np.sum(keep),) + arr.shape[along + 1 :], arr.dtype)
    number = 0
    for i in range(extent):
        if keep[i]:
            result[(slice(None),) * along + (number,)] = arr[(slice(None),) * along + (i,)]
            number += 1
    return result


def _check_place(place: int, along: constant, extent: int):
    if place < -extent or place >= extent:
        raise IndexError(f"index {place} is out of bounds for axis {along} with size {extent}")


def insert(arr, obj, values, axis: constant = None):
    array = np.asarray(arr)
    if axis is None:
        return _with(array.reshape(-1), obj, np.asarray(values), 0)
    return _with(array, obj, np.asarray(values), normalised(axis, array.ndim))


def _with(arr, obj, values, along: constant):
    if kind(obj) == "int":
        return _with_block(arr, obj, values, along)
    extent = arr.shape[along]
    if isinstance(obj, slice):
        return _with_rows(arr, np.arange(extent)[obj], values, along)
    places = np.asarray(obj).reshape(-1)
    if kind(places.dtype(0)) == "bool":
        return _with_rows(arr, np.nonzero(places)[0], values, along)
    return _with_rows(arr, places, values, along)


def _with_block(arr, obj: int, values, along: constant):
    """With all of the values before one place; what has the array's axes but for one is a single row."""
    extent = arr.shape[along]
    if obj < -extent or obj > extent:
        raise IndexError(f"index {obj} is out of bounds for axis {along} with size {extent}")
    place = obj + extent if obj < 0 else obj
    # As NumPy has it, the first axis of the values is the one along which they are put.
    rows = values if along == 0 or values.ndim == 0 else np.moveaxis(_of_rank(values, arr), 0, along)
    count = _of_rank(rows, arr).shape[along]
    result = np.empty(arr.shape[:along] + (extent + count,) + arr.shape[along + 1 :], arr.dtype)
    whole = (slice(None),) * along
    result[whole + (slice(0, place),)] = arr[whole + (slice(0, place),)]
    result[whole + (slice(place, place + count),)] = rows
    result[whole + (slice(place + count, None),)] = arr[whole + (slice(place, None),)]
    return result


def _of_rank(values, arr):
    return values[(None,) * (arr.ndim - values.ndim)] if values.ndim < arr.ndim else values


def _with_rows(arr, places, values, along: constant):
    """With one row of the values before each of some places, which are those of the array as it was."""
    extent, count = arr.shape[along], len(places)
    if count == 1:
        position = int(places[0])
        _check_gap(position, along, extent)
        return _with_block(arr, position, _as_rows(values, arr, along), along)
    for place in places:
        _check_gap(int(place), along, extent)
    result = np.empty(arr.shape[:along] + (extent + count,) + arr.shape[along + 1 :], arr.dtype)
    order = np.argsort(np.where(places < 0, places + extent, places), kind="stable")
    new = np.zeros(extent + count, np.bool_)
    rows = np.empty(count, np.int64)
    for number in range(count):
        place = int(places[order[number]])
        rows[order[number]] = (place + extent if place < 0 else place) + number
        new[rows[order[number]]] = True
    given = np.empty(arr.shape[:along] + (count,) + arr.shape[along + 1 :], arr.dtype)
    given[...] = values
    whole = (slice(None),) * along
    for number in range(count):
        result[whole + (rows[number],)] = given[whole + (number,)]
    number = 0
    for i in range(extent + count):
        if not new[i]:
            result[whole + (i,)] = arr[whole + (number,)]
            number += 1
    return result


def _as_rows(values, arr, along: constant):
    """Values along their own axis, in the form that is put before one place."""
    return values if along == 0 or values.ndim == 0 else np.moveaxis(_of_rank(values, arr), along, 0)


def _check_gap(place: int, along: constant, extent: int):
    if place < -extent or place > extent:
        raise IndexError(f"index {place} is out of bounds for axis {along} with size {extent}")
