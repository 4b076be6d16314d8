"""What an array on a device is like, said by its shell: an array of NumPy's whose items are not looked at."""

import operator

import numpy as np

try:
    from numpy.lib.array_utils import byte_bounds
except ImportError:
    from numpy import byte_bounds


def made(memory, shape, dtype, strides=None, order="C", offset=0):
    """A shell in memory of a device."""
    return np.ndarray(shape, dtype, np.asarray(memory), offset, strides, order)


def room(shape, dtype, strides):
    """Bytes that a new array takes; ValueError where strides lead backwards."""
    before, bytes_ = reach(shape, dtype, strides)
    if before:
        raise ValueError("the strides of an array on a device must not be negative")
    return bytes_


def reach(shape, dtype, strides):
    """Bytes that an array has in front of its first item, and all that it has."""
    if strides is not None and len(strides) != len(shape):
        raise ValueError(f"{len(strides)} strides are given for {len(shape)} axes")
    if 0 in shape:
        return 0, 0
    if strides is None:
        return 0, int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    steps = [(extent - 1) * stride for extent, stride in zip(shape, strides)]
    before = -sum(step for step in steps if step < 0)
    return before, before + sum(step for step in steps if step > 0) + dtype.itemsize


def described(shape, dtype, strides=None, order="C"):
    """Extents, dtype and strides as they are given, made uniform."""
    shape = (operator.index(shape),) if hasattr(shape, "__index__") else tuple(map(operator.index, shape))
    if min(shape, default=0) < 0:
        raise ValueError("negative dimensions are not allowed")
    dtype = np.dtype(dtype)
    if strides is not None:
        strides = (operator.index(strides),) if hasattr(strides, "__index__") else tuple(map(operator.index, strides))
    elif order == "F":
        strides = compact(shape, dtype.itemsize, range(len(shape)))
    elif order not in ("C", "A"):
        raise ValueError(f"order must be one of 'C', 'F', or 'A' (got {order!r})")
    return shape, dtype, strides


def compact(shape, itemsize, axes):
    """Strides without gaps, where the first of the axes has its items next to each other."""
    strides, step = [0] * len(shape), itemsize
    for axis in axes:
        strides[axis] = step
        step *= shape[axis]
    return tuple(strides)


def like(array):
    """Strides for an array without gaps whose axes lie in the same order as another's; None for C's order."""
    if array.flags["C_CONTIGUOUS"]:
        return None
    axes = sorted(reversed(range(array.ndim)), key=lambda axis: abs(array.strides[axis]))
    return compact(array.shape, array.dtype.itemsize, axes)


def flags(shell):
    """The flags that numba-cuda's arrays have."""
    return {"C_CONTIGUOUS": shell.flags.c_contiguous, "F_CONTIGUOUS": shell.flags.f_contiguous}


def is_one_piece(array):
    """Whether items lie one behind the other."""
    return array.flags["C_CONTIGUOUS"] or array.flags["F_CONTIGUOUS"]


def span(shell):
    """Bytes in front of the first item that there are of the array, and bytes from there to its end."""
    if shell.size == 0:
        return 0, 0
    start, end = byte_bounds(shell)
    return shell.__array_interface__["data"][0] - start, end - start


def reshaped(shell, shape, order):
    """A view of other extents; NotImplementedError where there is none."""
    if order not in ("C", "F"):
        raise NotImplementedError(f"order {order!r}: an array on a device is reshaped in the order 'C' or 'F'")
    try:
        return shell.reshape(shape, order=order, copy=False) if _KNOWS_COPY else _reshaped_in_place(shell, shape, order)
    except (AttributeError, ValueError) as error:
        if isinstance(error, ValueError) and "copy" not in str(error):
            raise
        raise NotImplementedError("reshape would require copy") from None


_KNOWS_COPY = np.lib.NumpyVersion(np.__version__) >= "2.1.0"


def _reshaped_in_place(shell, shape, order):
    view = (shell if order == "C" else shell.T).view()
    shape = shape if isinstance(shape, tuple) else (shape,)
    view.shape = shape if order == "C" else shape[::-1]
    return view if order == "C" else view.T


def part(shell, key):
    """The view that a key means, and whether it means one item."""
    keys = key if isinstance(key, tuple) else (key,)
    for one in keys:
        if not (one is None or one is Ellipsis or isinstance(one, slice) or _is_index(one)):
            raise TypeError(f"an array on a device is indexed with integers, slices, None and ..., not with {one!r}")
    has_ellipsis = any(one is Ellipsis for one in keys)
    # With the ellipsis NumPy gives a view also of one item.
    view = shell[keys if has_ellipsis else (*keys, Ellipsis)]
    return view, view.ndim == 0 and not has_ellipsis


def _is_index(one):
    return hasattr(one, "__index__") and not isinstance(one, (bool, np.bool_, np.ndarray))


def check(shell, array):
    """TypeError or ValueError where an array does not have the items for another."""
    if shell.dtype != array.dtype:
        raise TypeError(f"incompatible dtype: {shell.dtype} vs. {array.dtype}")
    core = [tuple(extent for extent in shape if extent != 1) for shape in (shell.shape, array.shape)]
    if core[0] != core[1]:
        raise ValueError(f"incompatible shape: {shell.shape} vs. {array.shape}")


def read(memory, offset, shell, array=None):
    """Copy what a shell stands for, from an offset of its memory on, to an array of the host."""
    if array is not None and is_one_piece(array) and array.strides == shell.strides and array.flags.writeable:
        memory.read(offset, array)
        return array
    before, bytes_ = span(shell)
    raw = np.empty(bytes_, np.uint8)
    memory.read(offset - before, raw)
    found = np.ndarray(shell.shape, shell.dtype, raw, before, shell.strides if shell.size else None)
    if array is None:
        return found
    array[...] = found.reshape(array.shape)
    return array
