"""Stencils without a compiler: the kernel is called for every item, with windows that note how far it looks."""

import itertools

import numpy as np

from numir import errors


class _Window:
    """An array from one position."""

    def __init__(self, array, mode, reach):
        self.array = array
        self.mode = mode
        self.reach = reach
        self.position = ()

    def __getitem__(self, index):
        offsets = index if isinstance(index, tuple) else (index,)
        if not all(_is_integer(offset) or _is_part(offset) for offset in offsets):
            raise errors.NumbaValueError("Non-tuple or non-integer used as stencil index.")
        if len(offsets) != self.array.ndim:
            raise errors.NumbaValueError("Stencil index does not match array dimensionality.")
        place = []
        for axis, (offset, at, extent) in enumerate(zip(offsets, self.position, self.array.shape)):
            steps = range(offset.start, offset.stop) if isinstance(offset, slice) else (offset,)
            self.reach[axis] = (min((self.reach[axis][0], *steps)), max((self.reach[axis][1], *steps)))
            along = [_within(self.mode, at + step, extent) for step in steps]
            place.append(along if isinstance(offset, slice) else along[0])
        items = self.array[np.ix_(*([one] if _is_integer(one) else one for one in place))]
        return items[tuple(0 if _is_integer(one) else slice(None) for one in place)]

    def __setitem__(self, index, value):
        raise errors.NumbaValueError("Assignments to arrays passed to stencil kernels is not allowed.")


def _is_integer(offset):
    return isinstance(offset, (int, np.integer))


def _is_part(offset):
    return (
        isinstance(offset, slice)
        and _is_integer(offset.start)
        and _is_integer(offset.stop)
        and offset.step in (None, 1)
    )


def _within(mode, position, extent):
    """A position that may lie beyond an edge as one of the array's; in a constant border any will do."""
    if mode == "wrap":
        return position % extent
    if mode == "reflect":
        period = max(2 * (extent - 1), 1)
        return min(position % period, period - position % period)
    return min(max(position, 0), extent - 1)


def apply(stencil, arguments, out):
    """Evaluate a stencil in Python."""
    names = stencil.kernel.__code__.co_varnames[: len(arguments)]
    first = arguments[0] if arguments else None
    if not isinstance(first, np.ndarray) or first.ndim == 0:
        raise errors.NumbaValueError("The first argument to a stencil kernel must be the primary input array.")
    reach = [(0, 0)] * first.ndim
    windows, given = [], []
    for name, argument in zip(names, arguments):
        if isinstance(argument, np.ndarray) and name not in stencil.standard_indexing:
            _check_extents(first, argument, stencil.mode)
            argument = _Window(argument, stencil.mode, reach)
            windows.append(argument)
        given.append(argument)
    values = []
    for position in np.ndindex(*first.shape):
        for window in windows:
            window.position = position
        values.append(stencil.kernel(*given))
    result = np.array(values).reshape(first.shape)
    if stencil.mode == "constant":
        fill = stencil.cval if stencil.cval is not None else 0 if out is None else None
        border = _border(first.shape, stencil.neighborhood or reach)
        if fill is not None:
            result[border] = fill
        elif out is not None:
            result[border] = out[border]
    if out is None:
        return result
    out[...] = result
    return out


def _check_extents(first, other, mode):
    if other.ndim != first.ndim:
        message = "Secondary stencil array does not have same number of dimensions as the first stencil input."
        raise errors.NumbaValueError(message)
    pairs = list(zip(other.shape, first.shape))
    if any(one < extent if mode == "constant" else one != extent for one, extent in pairs):
        message = "Secondary stencil array has some dimension smaller the same dimension in the first stencil input."
        raise ValueError(message)


def _border(shape, neighborhood):
    """True where the neighbourhood leaves the array."""
    border = np.ones(shape, bool)
    inside = [
        slice(max(-low, 0), max(extent - max(high, 0), 0))
        for extent, (low, high) in itertools.zip_longest(shape, neighborhood)
    ]
    border[tuple(inside)] = False
    return border
