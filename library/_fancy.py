"""`a[…]` with arrays of integers or masks in the index: reading makes a copy, writing goes item by item.

The index is a tuple of what stands for an axis each: numbers, slices, arrays of integers, and masks, which stand for as many axes as
they have. Arrays are broadcast together. Their axes come where the first of them stood, or first of all where other axes lie between them.
"""

import numpy as np
from numir.intrinsics import kind


def read(a, index):
    if len(index) == 1 and a.ndim == 1:
        if kind(index[0]) == "array" and index[0].dtype.kind == "b" and index[0].ndim == 1:
            return _masked(a, index[0])
        if kind(index[0]) == "array" and index[0].dtype.kind != "b":
            return _taken(a, index[0])
    parts = _parts(a, index)
    places = _shape(parts)
    before = len(_before(parts))
    shape = _subspace(a, parts)
    result = np.empty(shape[:before] + places + shape[before:], a.dtype.type)
    for place in np.ndindex(places):
        result[(slice(None),) * before + place] = a[_at(parts, place)]
    return result


def write(a, index, value):
    if len(index) == 1 and kind(index[0]) == "array" and index[0].dtype.kind == "b" and kind(value) != "array":
        if index[0].ndim == a.ndim:
            _check_mask(a, index[0])
            for place in np.ndindex(a.shape):
                if index[0][place]:
                    a[place] = value
            return
    parts = _parts(a, index)
    places = _shape(parts)
    before = len(_before(parts))
    shape = _subspace(a, parts)
    if kind(value) == "array" or kind(value) == "tuple":
        values = np.empty(shape[:before] + places + shape[before:], a.dtype.type)
        values[...] = value
        for place in np.ndindex(places):
            a[_at(parts, place)] = values[(slice(None),) * before + place]
    else:
        for place in np.ndindex(places):
            a[_at(parts, place)] = value


def _masked(a, mask):
    _check_mask(a, mask)
    count = 0
    for i in range(len(mask)):
        count += 1 if mask[i] else 0
    result = np.empty(count, a.dtype.type)
    number = 0
    for i in range(len(mask)):
        if mask[i]:
            result[number] = a[i]
            number += 1
    return result


def _taken(a, places):
    result = np.empty(places.shape, a.dtype.type)
    for place in np.ndindex(places.shape):
        result[place] = a[places[place]]
    return result


def _check_mask(a, mask):
    axis = 0
    for extent in mask.shape:
        if a.shape[axis] != extent:
            raise IndexError(
                f"boolean index did not match indexed array along axis {axis}; size of axis is {a.shape[axis]} but "
                f"size of corresponding boolean axis is {extent}"
            )
        axis += 1


def _parts(a, index):
    """The index with one part per axis, masks as the places where they are true."""
    parts = ()
    for part in index:
        if kind(part) == "array" and part.dtype.kind == "b":
            _check_mask(a[(0,) * 0], part) if len(parts) == 0 else None
            parts = parts + np.nonzero(part)
        else:
            parts = parts + (part,)
    if len(parts) > a.ndim:
        raise IndexError(f"too many indices for array: array is {a.ndim}-dimensional, but {len(parts)} were indexed")
    return parts + (slice(None),) * (a.ndim - len(parts))


def _shape(parts):
    """The shape that the arrays among the parts broadcast to."""
    shape = ()
    for part in parts:
        if kind(part) == "array":
            shape = _both(shape, part.shape)
    return shape


def _both(one, other):
    rank = max(len(one), len(other))
    merged = ()
    for left, right in zip((1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other):
        if left != right and left != 1 and right != 1:
            raise IndexError("shape mismatch: indexing arrays could not be broadcast together")
        merged = merged + ((right if left == 1 else left),)
    return merged


def _before(parts):
    """One number for each axis of the result that comes before those of the arrays."""
    before = 0
    slices = 0
    arrays = 0
    gaps = 0
    for part in parts:
        if isinstance(part, slice):
            slices += 1
        else:
            if arrays == 0:
                before = slices
            elif slices != gaps:
                return ()
            arrays += 1
            gaps = slices
    return (0,) * before


def _subspace(a, parts):
    """The extents of the axes that slices stand for."""
    shape = ()
    axis = 0
    for part in parts:
        if isinstance(part, slice):
            start, stop, step = part.indices(a.shape[axis])
            shape = shape + (len(range(start, stop, step)),)
        axis += 1
    return shape


def _at(parts, place):
    """The index of one place of the arrays."""
    index = ()
    for part in parts:
        if kind(part) == "array":
            own = ()
            skipped = len(place) - part.ndim
            for position, extent in zip(place[skipped:], part.shape):
                own = own + ((0 if extent == 1 else position),)
            index = index + (part[own],)
        else:
            index = index + (part,)
    return index
