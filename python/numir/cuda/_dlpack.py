"""Arrays on the device by DLPack, without a copy: given to other libraries, and taken from them."""

import numpy as np

from numir import _numir
from numir.cuda import _layout, _streams
from numir.cuda._arrays import DeviceNDArray
from numir.cuda._foreign import around
from numir.cuda._place import target

# DLPack's numbers of devices: CUDA's, and one that no library knows, which the simulator's memory is said to be of.
_DEVICES = {"cuda": 2, "cuda-sim": 12}

# Its numbers of kinds of items, by NumPy's letters for them.
_KINDS = {"i": 0, "u": 1, "f": 2, "c": 5, "b": 6}
_LETTERS = {number: letter for letter, number in _KINDS.items()}

# What stands for no stream to wait for.
_NO_STREAM = -1


def device_of(array):
    """The device of an array: its kind and number."""
    place = array._memory.target
    return _DEVICES[place], _numir.current_device(place)


def exported(array, stream, device, copy):
    """A capsule for another library, whose work in that stream comes after ours."""
    if copy:
        raise BufferError("an array on a device is given away without a copy")
    if device is not None and tuple(device) != device_of(array):
        raise BufferError(f"the array is on device {device_of(array)}, not on {tuple(device)}")
    shell = array._shell
    if shell.dtype.kind not in _KINDS:
        raise BufferError(f"DLPack has no items of dtype {shell.dtype}")
    if not shell.flags.writeable:
        raise BufferError("the array is read-only, which this form of DLPack cannot say")
    if stream != _NO_STREAM:
        _streams.lead(stream)
    strides = [stride // shell.itemsize for stride in shell.strides]
    address = array._address() if shell.size else 0
    dtype = _KINDS[shell.dtype.kind], 8 * shell.itemsize
    return _numir.export_dlpack(array, address, device_of(array), dtype, list(shell.shape), strides)


def from_dlpack(x):
    """An array on the device that shares the memory of another library's, which it keeps alive."""
    if isinstance(x, DeviceNDArray):
        return x
    ours = _DEVICES[target()], _numir.current_device(target())
    given = tuple(map(int, x.__dlpack_device__()))
    if given != ours:
        raise BufferError(f"the array is on DLPack's device {given}, and numir.cuda uses {ours}")
    stream = _streams.exported()
    try:
        capsule = x.__dlpack__(stream=stream, max_version=(1, 0))
    except TypeError:
        capsule = x.__dlpack__(stream=stream)
    owner, _, address, (kind, bits), shape, strides, readonly = _numir.import_dlpack(capsule)
    if kind not in _LETTERS or bits % 8:
        raise BufferError(f"numir has no items of DLPack's kind {kind} with {bits} bits")
    dtype = np.dtype(f"{_LETTERS[kind]}{bits // 8}")
    if strides is not None:
        strides = [stride * dtype.itemsize for stride in strides]
    shape, dtype, strides = _layout.described(tuple(shape), dtype, strides and tuple(strides))
    return around(address, shape, dtype, strides, owner, readonly)
