"""Assigning to arrays on a device: by the device's copies where items lie in one piece, else by a kernel that numir compiles."""

from functools import lru_cache

import numpy as np

from numir import _numir
from numir.cuda import _layout


def copy(to, array):
    """Copy an array of the host or of a device, of the same shape and dtype."""
    shell = to._shell
    if not _layout.is_one_piece(shell):
        return _by_kernel(to, array)
    if isinstance(array, _numir.DeviceArray):
        source = array._shell
        if source.strides != shell.strides and not (_both(shell, source, "C") or _both(shell, source, "F")):
            return _by_kernel(to, array)
        return to._memory.copy(to._offset, array._memory, array._offset, shell.nbytes)
    order = "C" if shell.flags.c_contiguous else "F"
    return to._memory.write(to._offset, np.asarray(array, order=order))


def _both(one, other, order):
    name = f"{order}_CONTIGUOUS"
    return one.flags[name] and other.flags[name]


def assign(to, value):
    """Assign what may have to be converted and repeated, as NumPy does."""
    is_on_device = isinstance(value, _numir.DeviceArray)
    if not is_on_device:
        value = np.asarray(value)
        if value.dtype != to.dtype:
            value = value.astype(to.dtype)
    if value.ndim > to.ndim:
        raise ValueError(f"Can't assign {value.ndim}-D array to {to.ndim}-D self")
    for axis, (given, wanted) in enumerate(zip(value.shape[::-1], to.shape[::-1])):
        if given not in (1, wanted):
            raise ValueError(
                f"Can't copy sequence with size {given} to array axis {to.ndim - 1 - axis} with dimension {wanted}"
            )
    if to.size == 0:
        return
    if value.size == to.size and value.dtype == to.dtype:
        copy(to, value.reshape(to.shape))
    elif value.ndim == 0 and not is_on_device:
        _by_kernel(to, value[()])
    else:
        _by_kernel(to, value)


def _by_kernel(to, value):
    _kernel(to._memory.target)(to, value)


@lru_cache
def _kernel(target):
    from numir import njit

    @njit(target=target)
    def assigned(to, value):
        to[...] = value

    return assigned
