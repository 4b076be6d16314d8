"""Indexing by arrays of positions and by masks: the front end hands over what it has brought to one form.

An index is a view, whose axes named in `axes` are chosen from by arrays of positions, one each, broadcast together. The axes of
these arrays stand at `first` in the result. `original` are the axes as the program counts them, for messages.
"""

import numpy as np
from _numpy_indexing import nonzero
from _tuples import spelt
from numir.intrinsics import axes, constant, item_at, kind, put_at


def gather(source, how: constant):
    view, positions = source
    chosen, first, original = how
    shape = _joint(positions)
    rest = ()
    for axis in axes(None, view.ndim):
        if axis not in chosen:
            rest = rest + (axis,)
    moved = view.transpose(chosen + rest)
    others = moved.shape[len(chosen) :]
    result = np.empty(others[:first] + shape + others[first:], view.dtype)
    target = result.transpose(
        axes(None, result.ndim)[first : first + len(shape)]
        + axes(None, first)
        + axes(None, result.ndim)[first + len(shape) :]
    )
    _check(moved, positions, original)
    if len(positions) == 1 and len(shape) == 1:
        only = positions[0]
        for i in range(len(only)):
            target[i] = item_at(moved, only[i])
    else:
        spread = _spread(positions, shape)
        for place in np.ndindex(shape):
            target[place] = item_at(moved, _at(spread, place))
    return result


def scatter(source, how: constant, value, masked: constant):
    view, positions = source
    chosen, first, original = how
    shape = _joint(positions)
    rest = ()
    for axis in axes(None, view.ndim):
        if axis not in chosen:
            rest = rest + (axis,)
    moved = view.transpose(chosen + rest)
    _check(moved, positions, original)
    # What is written to may be what says where.
    spread = _spread(_copied(positions), shape)
    if kind(value) == "array":
        others = moved.shape[len(chosen) :]
        whole = _fitted(value, others[:first] + shape + others[first:], masked)
        source_items = whole.transpose(
            axes(None, whole.ndim)[first : first + len(shape)]
            + axes(None, first)
            + axes(None, whole.ndim)[first + len(shape) :]
        )
        for place in np.ndindex(shape):
            put_at(moved, _at(spread, place), source_items[place])
    else:
        for place in np.ndindex(shape):
            put_at(moved, _at(spread, place), value)


def _fitted(value, shape, masked: constant):
    """A copy of what is assigned, since it may lie in the same memory, broadcast."""
    if value.ndim > len(shape):
        if masked and len(shape) == 1:
            raise TypeError(
                "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, "
                f"input has {value.ndim} dimensions"
            )
        if value.shape[0] != 1:
            raise ValueError(_mismatch(value.shape, shape))
        return _fitted(value[0], shape, masked)
    offset = len(shape) - value.ndim
    fits = True
    for axis in axes(None, value.ndim):
        if value.shape[axis] != 1 and value.shape[axis] != shape[offset + axis]:
            fits = False
    if not fits:
        if masked and len(shape) == 1:
            raise ValueError(
                f"NumPy boolean array indexing assignment cannot assign {value.size} input values "
                f"to the {shape[0]} output values where the mask is true"
            )
        raise ValueError(_mismatch(value.shape, shape))
    return np.broadcast_to(value.copy(), shape)


def _mismatch(given, shape):
    return (
        "shape mismatch: value array of shape "
        + spelt(given)
        + " could not be broadcast to indexing result of shape "
        + spelt(shape)
    )


def places_of(array, mask, first: constant):
    """The positions of a mask, whose axes are those of the array from `first` on."""
    for axis in axes(None, mask.ndim):
        if mask.shape[axis] != array.shape[first + axis]:
            raise IndexError(
                f"boolean index did not match indexed array along axis {first + axis}; size of axis is "
                f"{array.shape[first + axis]} but size of corresponding boolean axis is {mask.shape[axis]}"
            )
    return nonzero(mask)


def _joint(positions):
    """The shape that arrays of positions broadcast to."""
    shape = ()
    for array in positions:
        shape = _both(shape, array.shape, positions)
    return shape


def _both(one, other, positions):
    rank = max(len(one), len(other))
    merged = ()
    for left, right in zip((1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other):
        if left != right and left != 1 and right != 1:
            _raise_apart(positions)
        merged = merged + ((right if left == 1 else left),)
    return merged


def _raise_apart(positions):
    words = ""
    for array in positions:
        words = words + spelt(array.shape) + " "
    raise IndexError("shape mismatch: indexing arrays could not be broadcast together with shapes " + words)


def _spread(positions, shape):
    result = ()
    for array in positions:
        result = result + (np.broadcast_to(array, shape),)
    return result


def _copied(positions):
    result = ()
    for array in positions:
        result = result + (array.copy(),)
    return result


def _at(positions, place):
    result = ()
    for array in positions:
        result = result + (array[place],)
    return result


def _check(moved, positions, original: constant):
    for number in axes(None, len(positions)):
        extent = moved.shape[number]
        # Most are in bounds: that is seen sooner by a loop that does not end early.
        outside = False
        for position in positions[number].flat:
            outside |= position < -extent or position >= extent
        if not outside:
            continue
        for position in positions[number].flat:
            if position < -extent or position >= extent:
                raise IndexError(
                    f"index {int(position)} is out of bounds for axis {original[number]} with size {extent}"
                )
