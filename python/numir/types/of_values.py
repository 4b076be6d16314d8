"""The type of a value."""

import enum
import sys

import numpy as np

from numir.types import containers, scalars
from numir.types.convert import as_type, from_dtype
from numir.types.scalars import NUMPY, SCALARS


def typeof(value):
    """The type of a value, as a signature may name it; ValueError if there is none."""
    kind = _KINDS.get(type(value))
    if kind is None:
        kind = next((kind for base, kind in _BASES if isinstance(value, base)), _other)
    ty = kind(value)
    if ty is None:
        raise ValueError(f"cannot determine the numir type of {type(value)}")
    return ty


def _int(value):
    if value.bit_length() < 64:
        return SCALARS["int64"]
    if 0 < value < 2**64:
        return SCALARS["uint64"]
    raise ValueError(f"int value is too large: {value}")


def _array(array):
    from numir.errors import NumbaNotImplementedError, NumbaValueError

    try:
        dtype = from_dtype(array.dtype)
    except NumbaNotImplementedError:
        raise NumbaValueError(f"unsupported array dtype: {array.dtype}") from None
    flags = array.flags
    layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
    aligned = flags.aligned and array.dtype.names is None
    return containers.Array(dtype, array.ndim, layout, readonly=not flags.writeable, aligned=aligned)


def _scalar(value):
    ty = from_dtype(value.dtype)
    return NUMPY.get(ty.name, ty)


def _tuple(value):
    types = tuple(typeof(item) for item in value)
    if not hasattr(type(value), "_fields"):
        return containers.Tuple(types)
    return containers.named_tuple(types, type(value))


def _first(value):
    if not value:
        raise ValueError(f"cannot type empty {type(value).__name__}")
    return typeof(next(iter(value)))


def _generator(value):
    # Whoever has a Generator has imported the module; it is not imported for others.
    random = sys.modules.get("numpy.random")
    return scalars.npy_rng if random and isinstance(value, random.Generator) else None


def _other(value):
    # The same for arrays on a device.
    cuda = sys.modules.get("numir.cuda._arrays")
    return _array(value._shell) if cuda and isinstance(value, cuda.DeviceNDArray) else _generator(value)


def _enum(value):
    return containers.EnumMember(type(value), typeof(value.value))


def _class(value):
    return containers.NumberClass(as_type(value)) if issubclass(value, np.generic) else None


def _memoryview(value):
    return containers.MemoryView(from_dtype(np.asarray(value).dtype), value.ndim, "C", value.readonly)


def _slice(value):
    return containers.Slice(*(typeof(part) for part in (value.start, value.stop, value.step)))


_KINDS = {
    bool: lambda value: SCALARS["bool"],
    int: _int,
    float: lambda value: SCALARS["float64"],
    complex: lambda value: SCALARS["complex128"],
    np.ndarray: _array,
    tuple: _tuple,
    str: lambda value: scalars.unicode_type,
    type(None): lambda value: scalars.none,
    slice: _slice,
    type(Ellipsis): lambda value: scalars.ellipsis,
    list: lambda value: containers.List(_first(value), reflected=True),
    set: lambda value: containers.Set(_first(value), reflected=True),
    bytes: lambda value: containers.Bytes(),
    memoryview: _memoryview,
}

# For values of derived classes; NumPy's scalars come before Python's, as np.float64 is a float.
_BASES = (
    (np.generic, _scalar),
    (np.dtype, lambda value: containers.DType(from_dtype(value))),
    (np.ndarray, _array),
    (tuple, _tuple),
    (type, _class),
    (int, _int),
    (float, lambda value: SCALARS["float64"]),
    (str, lambda value: scalars.unicode_type),
    (enum.Enum, _enum),
)
