"""Places as one number or as one for each axis, and choices by number."""

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import axes, constant, kind, result_type


def choose(a, choices, out=None, mode: constant = "raise"):
    array = np.asarray(a)
    if kind(array.dtype(0)) != "int" and kind(array.dtype(0)) != "bool":
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'safe'")
    shape = array.shape
    for choice in choices:
        shape = np.broadcast_shapes(shape, np.shape(choice))
    result = np.empty(shape, result_type(*choices))
    which = np.broadcast_to(array, shape)
    for place in np.ndindex(shape):
        number = int(which[place])
        if mode == "wrap":
            number = number % len(choices)
        elif mode == "clip":
            number = max(0, min(number, len(choices) - 1))
        elif number < 0 or number >= len(choices):
            raise ValueError("invalid entry in choice array")
        for one in axes(None, len(choices)):
            if one == number:
                result[place] = np.broadcast_to(choices[one], shape)[place]
    return given(result[()] if len(shape) == 0 else result, out)


def unravel_index(indices, shape, order: constant = "C"):
    extents = shape if kind(shape) == "tuple" else (shape,)
    total = 1
    for extent in extents:
        total *= extent
    if kind(indices) == "int":
        return _unravelled(int(indices), extents, total, order)
    positions = np.asarray(indices)
    result = ()
    for _extent in extents:
        result = result + (np.empty(positions.shape, np.int64),)
    for index in np.ndindex(positions.shape):
        found = _unravelled(int(positions[index]), extents, total, order)
        for axis in axes(None, len(extents)):
            result[axis][index] = found[axis]
    return result


def _unravelled(position, extents, total, order: constant):
    if position < 0 or position >= total:
        raise ValueError(f"index {position} is out of bounds for array with size {total}")
    rest = position
    result = ()
    for extent in extents if order == "F" else extents[::-1]:
        result = result + (rest % extent,) if order == "F" else (rest % extent,) + result
        rest = rest // extent
    return result


def ravel_multi_index(multi_index, dims, mode: constant = "raise", order: constant = "C"):
    shape = ()
    for one in multi_index:
        shape = np.broadcast_shapes(shape, np.asarray(one).shape)
    result = np.empty(shape, np.int64)
    for index in np.ndindex(shape):
        total = 0
        for axis in axes(None, len(multi_index)) if order == "C" else axes(None, len(multi_index))[::-1]:
            position = int(np.broadcast_to(multi_index[axis], shape)[index])
            extent = dims[axis]
            how = mode[axis] if kind(mode) == "tuple" else mode
            if how == "wrap":
                position = position % extent
            elif how == "clip":
                position = max(0, min(position, extent - 1))
            elif position < 0 or position >= extent:
                raise ValueError("invalid entry in coordinates array")
            total = total * extent + position
        result[index] = total
    return result if len(shape) > 0 else result[()]
