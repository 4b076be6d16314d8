"""The shape of an array: the same items seen with other axes."""

import numpy as np
from _tuples import spelt
from numir.intrinsics import as_strided, constant, is_in_order, is_records, kind, seen_as
from numir.intrinsics import axes as normalised_axes
from numir.intrinsics import one_axis as normalised


def reshape(a, shape: constant, order: constant = "C", *, copy: constant = None):
    return reshaped(np.asarray(a), shape, order, copy)


def reshaped(array, shape: constant, order: constant, copy: constant):
    """The method too: `copy` says whether the result may be, has to be, or must not be a copy."""
    if order != "C" and order != "F" and order != "A":
        raise ValueError(f"order must be one of 'C', 'F', or 'A' (got '{order}')")
    turned = order == "F" or (order == "A" and array.ndim > 1 and _is_fortran(array))
    if copy is not None:
        if copy:
            return reshaped(np.copy(array, "F" if turned else "C"), shape, order, None)
    if turned:
        return seen_as(array.T, shape[::-1] if kind(shape) == "tuple" else shape, copy).T
    return seen_as(array, shape, copy)


def viewed(array, shape, copy: constant):
    """The items of an array in another shape that has as many: a view where the strides allow one."""
    fits, strides = _strides_in(array, shape)
    if fits:
        return as_strided(array, 0, shape, strides)
    if copy is not None:
        raise ValueError("Unable to avoid creating a copy while reshaping.")
    return np.copy(array, "C").reshape(shape)


def _strides_in(array, shape):
    """Whether the items of an array can be had in another shape as they lie; and the strides then, in items.

    They can where each axis continues the one behind it, or ends where an axis of the new shape does. The stride of a new axis is how far from
    the first item the one lies that has 1 along that axis.
    """
    # The place of that item, among all in C order.
    places = ()
    count = 1
    for extent in shape[::-1]:
        places = (count,) + places
        count *= max(extent, 1)
    strides = (0,) * len(shape)
    fits = True
    # How many items the axes behind have, and where one more would lie.
    behind, next = 1, 0
    for axis in normalised_axes(None, array.ndim):
        extent = array.shape[array.ndim - 1 - axis]
        stride = array.strides[array.ndim - 1 - axis] // array.itemsize
        if extent > 1:
            if behind > 1 and stride != next and behind not in places:
                fits = False
            strides = _further(strides, places, behind, extent, stride)
            behind, next = behind * extent, stride * extent
    return fits or array.size == 0, strides


def _further(strides, places, behind, extent, stride):
    result = ()
    for distance, place in zip(strides, places):
        result = result + (distance + place // behind % extent * stride,)
    return result


def _is_fortran(array):
    return array.flags.f_contiguous and not array.flags.c_contiguous


def ravel(a, order: constant = "C"):
    return _line(_in_order(np.asarray(a), order))


def _line(array):
    """The items of an array one after the other: a view where they lie so, by the array's type or as it happens."""
    if is_records(array):
        return array.reshape(-1)
    if array.flags.c_contiguous and not is_in_order(array):
        return as_strided(array, 0, (array.size,), (1,), True, "C")
    return array.reshape(-1)


def flatten(a, order: constant = "C"):
    return np.copy(_in_order(a, order), "C").reshape(-1)


def _in_order(a, order: constant):
    """A view whose items stand in C order as those of the array do in the order that is wanted."""
    if order == "C" or a.ndim < 2:
        return a
    if order == "F":
        return a.T
    if order == "A":
        return a.T if a.flags.fnc else a[...]
    if order == "K":
        return _by_strides(a)
    raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")


def _by_strides(a):
    """The axes of an array in the order of their strides, the largest first."""
    shape, strides = (), ()
    for extent, bytes in zip(a.shape, a.strides):
        shape, strides = _placed(shape, strides, extent, bytes // a.itemsize)
    return as_strided(a, 0, shape, strides)


def _placed(shape, strides, extent, stride):
    """Lists of extents and strides with one more, which goes behind all that are not smaller."""
    new_shape, new_strides = (), ()
    left_extent, left_stride = extent, stride
    for other, step in zip(shape, strides):
        before = abs(left_stride) > abs(step)
        new_shape = new_shape + (left_extent if before else other,)
        new_strides = new_strides + (left_stride if before else step,)
        left_extent, left_stride = other if before else left_extent, step if before else left_stride
    return new_shape + (left_extent,), new_strides + (left_stride,)


def transpose(a, axes: constant = None):
    array = np.asarray(a)
    return array.T if axes is None else array.transpose(axes)


def permute_dims(a, axes: constant = None):
    return transpose(a, axes)


def matrix_transpose(x, /):
    return swapaxes(x, -1, -2)


def swapaxes(a, axis1: constant, axis2: constant):
    return _swapped(np.asarray(a), axis1, axis2)


def _swapped(a, axis1: constant, axis2: constant):
    first, second = normalised(axis1, a.ndim, "axis1"), normalised(axis2, a.ndim, "axis2")
    order = ()
    place = 0
    for _ in a.shape:
        order = order + ((second if place == first else (first if place == second else place)),)
        place += 1
    return a.transpose(order)


def moveaxis(a, source: constant, destination: constant):
    return _moved(np.asarray(a), source, destination)


def _moved(a, source: constant, destination: constant):
    start = (source,) if kind(source) == "int" else source
    end = (destination,) if kind(destination) == "int" else destination
    if len(start) != len(end):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    moved = ()
    for axis in start:
        moved = moved + (normalised(axis, a.ndim, "source"),)
    rest = ()
    place = 0
    for _ in a.shape:
        if place not in moved:
            rest = rest + (place,)
        place += 1
    order = ()
    place = 0
    left = rest
    for _ in a.shape:
        found = False
        number = 0
        for axis in end:
            if normalised(axis, a.ndim, "destination") == place:
                order = order + (moved[number],)
                found = True
            number += 1
        if not found:
            order = order + (left[0],)
            left = left[1:]
        place += 1
    return a.transpose(order)


def rollaxis(a, axis: constant, start: constant = 0):
    source = normalised(axis, a.ndim)
    target = start + a.ndim if start < 0 else start
    return moveaxis(a, source, target - 1 if source < target else target)


def squeeze(a, axis: constant = None):
    array = np.asarray(a)
    if axis is None:
        raise NotImplementedError(
            "squeeze without `axis`: the number of axes must be known when compiling; write those to drop, as in axis=0"
        )
    dropped = normalised_axes(axis, array.ndim)
    index = ()
    place = 0
    for extent in array.shape:
        if place in dropped:
            if extent != 1:
                raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
            index = index + (0,)
        else:
            index = index + (slice(None),)
        place += 1
    return array[index]


def expand_dims(a, axis: constant):
    array = np.asarray(a)
    given = (axis,) if kind(axis) == "int" else axis
    new = normalised_axes(given, array.ndim + len(given))
    index = ()
    place = 0
    for _ in (0,) * (array.ndim + len(given)):
        index = index + ((None,) if place in new else (slice(None),))
        place += 1
    return array[index]


def leading(a, ndmin: constant):
    """With axes of extent 1 before the others, so that there are at least so many."""
    return a[(None,) * (ndmin - a.ndim)] if ndmin > a.ndim else a


def atleast_1d(*arys):
    return _of_each(_atleast_1d, arys)


def atleast_2d(*arys):
    return _of_each(_atleast_2d, arys)


def atleast_3d(*arys):
    return _of_each(_atleast_3d, arys)


def _of_each(function, arys):
    if len(arys) == 1:
        return function(arys[0])
    result = ()
    for a in arys:
        result = result + (function(a),)
    return result


def _atleast_1d(a):
    array = np.asarray(a)
    return array.reshape(1) if array.ndim == 0 else array


def _atleast_2d(a):
    array = np.asarray(a)
    if array.ndim == 0:
        return array.reshape(1, 1)
    return array[None, :] if array.ndim == 1 else array


def _atleast_3d(a):
    array = np.asarray(a)
    if array.ndim == 0:
        return array.reshape(1, 1, 1)
    if array.ndim == 1:
        return array[None, :, None]
    return array[:, :, None] if array.ndim == 2 else array


def flip(m, axis: constant = None):
    array = np.asarray(m)
    if array.ndim == 0 and kind(axis) == "int":
        normalised(axis, 0)
    return _flipped(array, axis)


def _flipped(m, axis: constant):
    flipped = normalised_axes(axis, m.ndim)
    index = ()
    place = 0
    for _ in m.shape:
        index = index + ((slice(None, None, -1),) if place in flipped else (slice(None),))
        place += 1
    return m[index]


def fliplr(m):
    return _reversed_columns(np.asarray(m))


def _reversed_columns(m):
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


def flipud(m):
    array = np.asarray(m)
    if array.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return array[::-1]


def rot90(m, k: constant = 1, axes: constant = (0, 1)):
    return _turned(np.asarray(m), k % 4, axes)


def _turned(m, turns: constant, axes: constant):
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    if axes[0] == axes[1] or abs(axes[0] - axes[1]) == m.ndim:
        raise ValueError("Axes must be different.")
    if axes[0] >= m.ndim or axes[0] < -m.ndim or axes[1] >= m.ndim or axes[1] < -m.ndim:
        raise ValueError(f"Axes=({axes[0]}, {axes[1]}) out of range for array of ndim={m.ndim}.")
    first, second = normalised(axes[0], m.ndim), normalised(axes[1], m.ndim)
    if turns == 0:
        return m[...]
    if turns == 2:
        return _flipped(_flipped(m, first), second)
    if turns == 1:
        return _swapped(_flipped(m, second), first, second)
    return _flipped(_swapped(m, first, second), second)


def broadcast_shapes(*args):
    rank = 0
    for shape in args:
        rank = max(rank, len(shape) if kind(shape) == "tuple" else 1)
    result = (1,) * rank
    number = 0
    for shape in args:
        given = shape if kind(shape) == "tuple" else (shape,)
        padded = (1,) * (rank - len(given)) + given
        merged = ()
        axis = 0
        for one, other in zip(result, padded):
            if one != other and one != 1 and other != 1:
                _raise_mismatch(args, number, rank - axis)
            merged = merged + ((other if one == 1 else one),)
            axis += 1
        result = merged
        number += 1
    return result


def _raise_mismatch(shapes, wrong: constant, back: constant):
    """Names the first shape before a wrong one that it does not go with, on the axis that is the `back`th from the end."""
    last = _extent(shapes[wrong], back)
    number = 0
    for shape in shapes[:wrong]:
        extent = _extent(shape, back)
        if extent != 1 and extent != last:
            raise ValueError(
                "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between "
                + f"arg {number} with shape "
                + spelt(shape if kind(shape) == "tuple" else (shape,))
                + f" and arg {wrong} with shape "
                + spelt(shapes[wrong] if kind(shapes[wrong]) == "tuple" else (shapes[wrong],))
                + "."
            )
        number += 1


def _extent(shape, back: constant):
    given = shape if kind(shape) == "tuple" else (shape,)
    return given[len(given) - back] if back <= len(given) else 1
