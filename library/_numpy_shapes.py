"""The shape of an array: the same items seen with other axes."""

import numpy as np
from numir.intrinsics import axes as normalised_axes
from numir.intrinsics import constant, kind
from numir.intrinsics import one_axis as normalised


def reshape(a, shape: constant, order: constant = "C"):
    array = np.asarray(a)
    if order != "C" and order != "F" and order != "A":
        raise ValueError("order must be one of 'C', 'F', or 'A'")
    if order == "F" or (order == "A" and _is_turned(array, order)):
        return array.T.reshape(shape[::-1] if kind(shape) == "tuple" else shape).T
    return array.reshape(shape)


def ravel(a, order: constant = "C"):
    array = np.asarray(a)
    if order == "C":
        return array.reshape(-1)
    return array.T.reshape(-1) if _is_turned(array, order) else array.reshape(-1)


def flatten(a, order: constant = "C"):
    if order == "C":
        return np.copy(a, "C").reshape(-1)
    return np.copy(a.T, "C").reshape(-1) if _is_turned(a, order) else np.copy(a, "C").reshape(-1)


def _is_turned(a, order: constant):
    """Whether the first axis is the fastest in the order that is wanted."""
    if order == "F":
        return True
    if order != "A" and order != "K":
        raise ValueError("order must be one of 'C', 'F', 'A', or 'K'")
    if a.flags.c_contiguous or a.ndim < 2:
        return False
    if order == "K" and not a.flags.f_contiguous:
        raise NotImplementedError("order='K' of an array that is not contiguous")
    return a.flags.f_contiguous


def transpose(a, axes: constant = None):
    array = np.asarray(a)
    return array.T if axes is None else array.transpose(axes)


def permute_dims(a, axes: constant = None):
    return transpose(a, axes)


def matrix_transpose(x, /):
    return swapaxes(x, -1, -2)


def swapaxes(a, axis1: constant, axis2: constant):
    first, second = normalised(axis1, a.ndim), normalised(axis2, a.ndim)
    order = ()
    place = 0
    for _ in a.shape:
        order = order + ((second if place == first else (first if place == second else place)),)
        place += 1
    return a.transpose(order)


def moveaxis(a, source: constant, destination: constant):
    start = (source,) if kind(source) == "int" else source
    end = (destination,) if kind(destination) == "int" else destination
    if len(start) != len(end):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    moved = ()
    for axis in start:
        moved = moved + (normalised(axis, a.ndim),)
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
            if normalised(axis, a.ndim) == place:
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
        raise NotImplementedError("squeeze without `axis`: the result's number of axes depends on it")
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
    flipped = normalised_axes(axis, m.ndim)
    index = ()
    place = 0
    for _ in m.shape:
        index = index + ((slice(None, None, -1),) if place in flipped else (slice(None),))
        place += 1
    return m[index]


def fliplr(m):
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


def flipud(m):
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return m[::-1]


def rot90(m, k: constant = 1, axes: constant = (0, 1)):
    first, second = normalised(axes[0], m.ndim), normalised(axes[1], m.ndim)
    turns = k % 4
    if turns == 0:
        return m[...]
    if turns == 2:
        return flip(flip(m, first), second)
    if turns == 1:
        return swapaxes(flip(m, second), first, second)
    return flip(swapaxes(m, first, second), second)


def broadcast_shapes(*args):
    rank = 0
    for shape in args:
        rank = max(rank, len(shape) if kind(shape) == "tuple" else 1)
    result = (1,) * rank
    for shape in args:
        given = shape if kind(shape) == "tuple" else (shape,)
        padded = (1,) * (rank - len(given)) + given
        merged = ()
        for one, other in zip(result, padded):
            if one != other and one != 1 and other != 1:
                raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
            merged = merged + ((other if one == 1 else one),)
        result = merged
    return result
