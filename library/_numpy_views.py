"""Views whose strides are computed: broadcast arrays and diagonals; and grids of coordinates."""

import numpy as np
from _tuples import spelt
from numir.intrinsics import as_strided, axes, constant, kind, result_type
from numir.intrinsics import one_axis as normalised


def _strides(a):
    result = ()
    for stride in a.strides:
        result = result + (stride // a.itemsize,)
    return result


def broadcast_to(array, shape, subok: constant = False):
    source = np.asarray(array)
    extents = shape if kind(shape) == "tuple" else (shape,)
    offset = len(extents) - source.ndim
    if offset < 0:
        raise ValueError("input operand has more dimensions than allowed by the axis remapping")
    own = _strides(source)
    strides = (0,) * offset
    for extent in extents[:offset]:
        if extent < 0:
            raise ValueError("all elements of broadcast shape must be non-negative")
    for axis in axes(None, source.ndim):
        extent = source.shape[axis]
        wanted = extents[offset + axis]
        if extent != wanted and (extent != 1 or wanted < 0):
            raise ValueError(
                "operands could not be broadcast together with remapped shapes [original->remapped]: "
                + spelt(source.shape)
                + "  and requested shape "
                + spelt(extents)
            )
        strides = strides + (own[axis] if extent == wanted else 0,)
    return as_strided(source, 0, extents, strides, False)


def broadcast_arrays(*args):
    shapes = ()
    for one in args:
        shapes = shapes + (np.shape(one),)
    shape = np.broadcast_shapes(*shapes)
    result = ()
    for one in args:
        result = result + (broadcast_to(one, shape),)
    return result


def diagonal(a, offset=0, axis1: constant = 0, axis2: constant = 1):
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    first, second = normalised(axis1, a.ndim, "axis1"), normalised(axis2, a.ndim, "axis2")
    if first == second:
        raise ValueError("axis1 and axis2 cannot be the same")
    return _diagonal(a, int(offset), first, second)


def _diagonal(a, offset, first: constant, second: constant):
    strides = _strides(a)
    count = min(a.shape[first] + min(offset, 0), a.shape[second] - max(offset, 0))
    start = -offset * strides[first] if offset < 0 else offset * strides[second]
    shape = ()
    steps = ()
    for axis in axes(None, a.ndim):
        if axis != first and axis != second:
            shape = shape + (a.shape[axis],)
            steps = steps + (strides[axis],)
    shape = shape + (max(count, 0),)
    steps = steps + (strides[first] + strides[second],)
    return as_strided(a, start if count > 0 else 0, shape, steps, False)


def _line(part):
    start = 0 if part.start is None else part.start
    step = 1 if part.step is None else part.step
    if kind(step) == "complex":
        return np.linspace(float(start), float(part.stop), int(abs(step)))
    return np.arange(start, part.stop, step)


def _lines(parts):
    result = ()
    for part in parts:
        result = result + (_line(part),)
    return result


def _mgrid(index):
    if kind(index) != "tuple":
        return _line(index)
    lines = _lines(index)
    shape = ()
    for line in lines:
        shape = shape + (len(line),)
    result = np.empty((len(lines),) + shape, result_type(*lines))
    for axis in axes(None, len(lines)):
        result[axis] = lines[axis][(slice(None),) + (None,) * (len(lines) - 1 - axis)]
    return result


def _ogrid(index):
    if kind(index) != "tuple":
        return _line(index)
    lines = _lines(index)
    result = ()
    for axis in axes(None, len(lines)):
        result = result + (lines[axis][(None,) * axis + (slice(None),) + (None,) * (len(lines) - 1 - axis)],)
    return result


def rows_of(index):
    """np.r_: what stands in brackets, one after the other along the first axis."""
    if kind(index) != "tuple":
        return _piece(index)
    pieces = ()
    for part in index:
        pieces = pieces + (_piece(part),)
    return np.concatenate(pieces, 0, dtype=result_type(*_typed(index, pieces)))


def columns_of(index):
    """np.c_: what stands in brackets, as columns beside each other."""
    parts = index if kind(index) == "tuple" else (index,)
    pieces = ()
    for part in parts:
        piece = _piece(part)
        pieces = pieces + (piece[:, None] if piece.ndim == 1 else piece,)
    return np.concatenate(pieces, -1, dtype=result_type(*_typed(parts, pieces)))


def _piece(part):
    name = kind(part)
    if name == "none":
        return _line(part)
    return np.asarray(part)[None] if np.asarray(part).ndim == 0 else np.asarray(part)


def _typed(parts, pieces):
    """What decides the dtype: numbers yield to arrays."""
    result = ()
    for part, piece in zip(parts, pieces):
        name = kind(part)
        is_number = name == "bool" or name == "int" or name == "float" or name == "complex"
        result = result + ((part,) if is_number else (piece,))
    return result


def diag_indices_from(arr):
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    for extent in arr.shape:
        if extent != arr.shape[0]:
            raise ValueError("All dimensions of input must be of equal length")
    return np.diag_indices(arr.shape[0], arr.ndim)


def tril_indices_from(arr, k=0):
    return np.tril_indices(arr.shape[-2], k, arr.shape[-1])


def triu_indices_from(arr, k=0):
    return np.triu_indices(arr.shape[-2], k, arr.shape[-1])


def stretched(a, shape):
    """A copy with extents of 1 repeated."""
    return np.copy(broadcast_to(a, shape))
