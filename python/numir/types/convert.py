"""From whatever stands for a type to types: Python's and NumPy's classes, dtypes, the compiler's spellings; and back to dtypes."""

import numpy as np

from numir.types.base import Type
from numir.types.scalars import NUMPY, SCALARS, none

_OWN = {int: SCALARS["int64"], float: SCALARS["float64"], complex: SCALARS["complex128"], bool: SCALARS["bool"]}


def is_type(thing):
    """Whether something stands for a type: a type of numir, a class of numbers, a dtype, None, or a tuple of such."""
    if isinstance(thing, (Type, np.dtype)) or thing is None:
        return True
    if isinstance(thing, type):
        return thing in _OWN or issubclass(thing, (np.generic, type(None)))
    return isinstance(thing, tuple) and bool(thing) and all(map(is_type, thing))


def as_type(thing):
    """The type that something stands for; TypeError if for none.

    Python's `int`, `float`, `complex` and `bool` are its own numbers, `np.float64` and the like, and dtypes, are NumPy's.
    """
    if isinstance(thing, Type):
        return thing
    if thing is None or thing is type(None):
        return none
    if isinstance(thing, type):
        if thing in _OWN:
            return _OWN[thing]
        if issubclass(thing, np.generic):
            ty = from_dtype(np.dtype(thing))
            return NUMPY.get(ty.name, ty)
    if isinstance(thing, np.dtype):
        ty = from_dtype(thing)
        return NUMPY.get(ty.name, ty)
    if isinstance(thing, tuple):
        from numir.types.containers import Tuple

        return Tuple(tuple(as_type(one) for one in thing))
    raise TypeError(f"{thing!r} is not a type")


def from_dtype(dtype):
    """The type of the items of an array with this dtype; NumbaNotImplementedError if there is none."""
    dtype = np.dtype(dtype)
    ty = SCALARS.get(dtype.name)
    if ty is not None and dtype.isnative:
        return ty
    from numir.types import containers
    from numir.types.scalars import pyobject

    if dtype.kind == "O":
        return pyobject
    if dtype.kind in "mM":
        unit, count = np.datetime_data(dtype)
        if count != 1 or not dtype.isnative:
            from numir.errors import NumbaNotImplementedError

            raise NumbaNotImplementedError(f"there is no type for {dtype!r}")
        kind = containers.NPDatetime if dtype.kind == "M" else containers.NPTimedelta
        return kind("" if unit == "generic" else unit)
    if dtype.names is not None:
        return containers.Record(dtype)
    from numir.errors import NumbaNotImplementedError

    raise NumbaNotImplementedError(f"there is no type for {dtype!r}")


def as_dtype(ty):
    """The dtype of the items that have this type; NumbaNotImplementedError if there is none."""
    from numir.types.literals import unliteral

    ty = unliteral(as_type(ty))
    if ty.name in SCALARS:
        return np.dtype(SCALARS[ty.name].scalar)
    from numir.types import containers

    if isinstance(ty, (containers.NPDatetime, containers.NPTimedelta)):
        return np.dtype(ty.name)
    if isinstance(ty, containers.Record):
        return ty.dtype
    if isinstance(ty, (containers.DType, containers.NumberClass)):
        return as_dtype(ty.dtype)
    from numir.errors import NumbaNotImplementedError

    raise NumbaNotImplementedError(f"{ty} cannot be represented as a NumPy dtype")


def of_spelling(text):
    """The type that the compiler writes so."""
    from numir.signatures import Parser

    return Parser(text, spelled=True).whole_type()
