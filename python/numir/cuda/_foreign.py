"""Arrays of other libraries on the device, without a copy: by `__cuda_array_interface__`."""

import numpy as np

from numir import _numir
from numir.cuda import _layout
from numir.cuda._arrays import DeviceNDArray
from numir.cuda._place import target


def is_cuda_array(obj):
    """Whether an object has an array on the device."""
    return isinstance(obj, DeviceNDArray) or hasattr(obj, "__cuda_array_interface__")


def as_cuda_array(obj, sync=True):
    """An array on the device that shares the memory of another library's, which it keeps alive."""
    if isinstance(obj, DeviceNDArray):
        return obj
    if not is_cuda_array(obj):
        raise TypeError("*obj* doesn't implement the cuda array interface.")
    return from_cuda_array_interface(obj.__cuda_array_interface__, owner=obj, sync=sync)


def from_cuda_array_interface(desc, owner=None, sync=True):
    """An array on the device as the description of a CUDA array interface says; the owner of the memory is kept alive. With `sync` what follows
    comes after the work of the stream that the description names."""
    version = desc.get("version", 0)
    if version >= 1 and desc.get("mask") is not None:
        raise NotImplementedError("Masked arrays are not supported")
    shape, dtype, strides = _layout.described(desc["shape"], np.dtype(desc["typestr"]), desc.get("strides"))
    if dtype.type is np.void and desc.get("descr"):
        dtype = np.dtype(desc["descr"])
    address, readonly = desc["data"]
    if sync:
        from numir.cuda._streams import follow

        follow(desc.get("stream"))
    return around(address or 0, shape, dtype, strides, owner, readonly)


def around(address, shape, dtype, strides, owner, readonly):
    """An array on the device whose first item is at an address; the owner of the memory is kept alive."""
    before, bytes_ = _layout.reach(shape, dtype, strides)
    memory = _numir.DeviceMemory.around(target(), address - before, bytes_, owner)
    shell = _layout.made(memory, shape, dtype, strides, offset=before)
    shell.flags.writeable = not readonly
    return DeviceNDArray(memory, shell)
