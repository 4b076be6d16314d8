"""Memory of arrays: views with strides of one's own, windows, and whether arrays have items in common."""

import numpy as np
from numir.intrinsics import as_strided as view_of
from numir.intrinsics import axes, constant, kind
from numir.intrinsics import one_axis as normalised


def as_strided(x, shape=None, strides=None, subok: constant = False, writeable: constant = True):
    array = np.asarray(x)
    extents = array.shape if shape is None else _tuple_of(shape)
    steps = ()
    for step in array.strides if strides is None else _tuple_of(strides):
        if step % array.itemsize != 0:
            raise ValueError("as_strided: strides that are no multiples of the size of an item")
        steps = steps + (step // array.itemsize,)
    for extent in extents:
        if extent < 0:
            raise ValueError("negative dimensions are not allowed")
    return view_of(array, 0, extents, steps, writeable)


def _tuple_of(numbers):
    return numbers if kind(numbers) == "tuple" else (numbers,)


def sliding_window_view(
    x, window_shape, axis: constant = None, *, subok: constant = False, writeable: constant = False
):
    array = np.asarray(x)
    windows = _tuple_of(window_shape)
    along = _windowed(axis, array.ndim)
    if len(windows) != len(along):
        if axis is None:
            raise ValueError(
                "Since axis is `None`, must provide window_shape for all dimensions of `x`; "
                f"got {len(windows)} window_shape elements and `x.ndim` is {array.ndim}."
            )
        raise ValueError(
            "Must provide matching length window_shape and axis; "
            f"got {len(windows)} window_shape elements and {len(along)} axes elements."
        )
    for window in windows:
        if window < 0:
            raise ValueError("`window_shape` cannot contain negative values")
    left = _shrunk(array.shape, windows, along)
    own = ()
    for stride in array.strides:
        own = own + (stride // array.itemsize,)
    steps = own
    for one in along:
        steps = steps + (own[one],)
    return view_of(array, 0, left + windows, steps, writeable)


def _windowed(axis: constant, rank: constant):
    """The axes along which windows move; one may be named several times."""
    if axis is None:
        return axes(None, rank)
    if kind(axis) == "int":
        return (normalised(axis, rank),)
    result = ()
    for one in axis:
        result = result + (normalised(one, rank),)
    return result


def _shrunk(shape, windows, along: constant):
    """How many windows there are along each axis."""
    result = ()
    place = 0
    for extent in shape:
        left = extent
        for window, axis in zip(windows, along):
            if axis == place:
                if left < window:
                    raise ValueError("window shape cannot be larger than input array shape")
                left = left - window + 1
        result = result + (left,)
        place += 1
    return result


def may_share_memory(a, b, /, max_work=None):
    return _overlap(a, b)


def shares_memory(a, b, /, max_work=None):
    if not _overlap(a, b):
        return False
    return _share(np.asarray(a), np.asarray(b))


def _overlap(a, b):
    """Whether the memory from the first byte of an array to the last meets that of another."""
    one, other = np.asarray(a), np.asarray(b)
    if one.size == 0 or other.size == 0:
        return False
    low, high = _reach(one)
    first, behind = _reach(other)
    return low < behind and first < high


def _reach(a):
    """The address of the first byte, and the one behind the last."""
    low = a.ctypes.data
    high = low + a.itemsize
    for extent, stride in zip(a.shape, a.strides):
        if stride < 0:
            low += (extent - 1) * stride
        else:
            high += (extent - 1) * stride
    return low, high


def _share(a, b):
    low, high = _reach(a)
    first, behind = _reach(b)
    if high - low == a.size * a.itemsize and behind - first == b.size * b.itemsize:
        # Both lie without gaps.
        return True
    start, stop = max(low, first), min(high, behind)
    taken = np.zeros(stop - start, np.bool_)
    for place in np.ndindex(a.shape):
        address = _address(a, place) - start
        for byte in range(max(address, 0), min(address + a.itemsize, len(taken))):
            taken[byte] = True
    for other in np.ndindex(b.shape):
        address = _address(b, other) - start
        for byte in range(max(address, 0), min(address + b.itemsize, len(taken))):
            if taken[byte]:
                return True
    return False


def _address(a, place):
    result = a.ctypes.data
    for index, stride in zip(place, a.strides):
        result += index * stride
    return result
