"""Memory: arrays on a device, and arrays of the host that a device copies from and to by itself."""

from contextlib import contextmanager

import numpy as np

from numir import _numir
from numir.cuda import _layout
from numir.cuda._arrays import DeviceNDArray
from numir.cuda._place import target
from numir.cuda._streams import entered


def device_array(shape, dtype=np.float64, strides=None, order="C", stream=0):
    """A new array on the device, with no particular content, as `np.empty` makes one on the host."""
    shape, dtype, strides = _layout.described(shape, dtype, strides, order)
    if dtype.hasobject:
        raise TypeError("an array on a device has no objects of Python")
    with entered(stream):
        memory = _numir.DeviceMemory(target(), _layout.room(shape, dtype, strides))
    return DeviceNDArray(memory, _layout.made(memory, shape, dtype, strides))


def device_array_like(ary, stream=0):
    """A new array on the device, of the same shape and dtype as another, whose axes lie in the same order."""
    return device_array(ary.shape, ary.dtype, _layout.like(ary), stream=stream)


def to_device(obj, stream=0, copy=True, to=None):
    """Copy an array, or what NumPy makes an array of, to the device: to a new array, or to that one. Without `copy` only
    the new array is made."""
    from numir.cuda._foreign import as_cuda_array, is_cuda_array

    if to is None:
        if is_cuda_array(obj):
            return as_cuda_array(obj)
        obj = np.asanyarray(obj)
        to = device_array_like(obj, stream)
    elif not is_cuda_array(obj):
        obj = np.asanyarray(obj)
    if copy:
        to.copy_to_device(obj, stream)
    return to


def pinned_array(shape, dtype=np.float64, strides=None, order="C"):
    """A new array of the host whose memory the device reads and writes by itself, so that copies take less time."""
    shape, dtype, strides = _layout.described(shape, dtype, strides, order)
    memory = _numir.PinnedMemory(target(), _layout.room(shape, dtype, strides))
    return _layout.made(memory, shape, dtype, strides)


def pinned_array_like(ary):
    """The same, of the same shape and dtype as another, whose axes lie in the same order."""
    return pinned_array(ary.shape, ary.dtype, _layout.like(ary))


def mapped_array(shape, dtype=np.float64, strides=None, order="C", stream=0, portable=False, wc=False):
    """A pinned array. Kernels get a copy of it and what they write comes back, as for any array of the host."""
    return pinned_array(shape, dtype, strides, order)


def mapped_array_like(ary, stream=0, portable=False, wc=False):
    """The same, of the same shape and dtype as another, whose axes lie in the same order."""
    return pinned_array_like(ary)


def managed_array(shape, dtype=np.float64, strides=None, order="C", stream=0, attach_global=True):
    """A pinned array, as `mapped_array` gives it."""
    return pinned_array(shape, dtype, strides, order)


@contextmanager
def pinned(*arylist):
    """`with cuda.pinned(a, b):` has the arrays' memory stay where it is, so that copies take less time."""
    held = [_numir.Pinning(target(), array) for array in arylist]
    try:
        yield
    finally:
        for one in held:
            one.end()


@contextmanager
def mapped(*arylist, stream=0, portable=False, wc=False):
    """`with cuda.mapped(a) as b:` gives the arrays themselves, pinned: kernels get copies of them, and what they write comes back."""
    with pinned(*arylist):
        yield arylist[0] if len(arylist) == 1 else list(arylist)


@contextmanager
def defer_cleanup():
    """For programs that use it: memory that is given back is kept for the next array anyway, and the device does not wait."""
    yield
