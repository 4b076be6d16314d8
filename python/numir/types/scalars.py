"""Numbers, truth values, None, and the other types that take no parameters."""

import numpy as np

from numir.types.base import Refused, Type


class _Scalar(Type):
    """A number or truth value.

    `python` says that a scalar of this type is one of Python's own numbers: that is what `int64`, `float64`, `complex128` and
    `boolean` mean in a signature. An array's items are of the dtype in any case.
    """

    def __init__(self, name, scalar, own=None):
        super().__init__(name)
        self.scalar = scalar
        self.own = own
        self.__numir_name__ = name

    @property
    def dtype(self):
        """The dtype of NumPy's values of the type; by it a type stands for a dtype, as in `np.zeros(3, float64)`."""
        return np.dtype(self.scalar)

    @property
    def bitwidth(self):
        """How many bits a value has."""
        return self.dtype.itemsize * 8

    @property
    def spelling(self):
        """The name of Python's number, or of NumPy's dtype."""
        if self.own:
            return self.own
        return "np.bool" if self.name == "bool" else self.name

    @property
    def numpy(self):
        """The same type as NumPy's scalars have it, which keep their width in arithmetic."""
        return NUMPY[self.name]

    def cast_python_value(self, value):
        """The value as NumPy's scalar of this type."""
        return self.scalar(value)

    def __call__(self, *arguments):
        """As of any type; complex types take a real and an imaginary part too."""
        if len(arguments) == 2 and isinstance(self, Complex) and not any(isinstance(one, Type) for one in arguments):
            if not any(isinstance(one, type) for one in arguments):
                return self.scalar(complex(*arguments))
        return super().__call__(*arguments)

    def __reduce__(self):
        return _scalar, (self.name, self.own is not None)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _scalar(name, own):
    return (SCALARS if own or name not in OWN else NUMPY)[name]


class Number(_Scalar):
    """A number. Of two of one kind the narrower is the lesser."""

    def __lt__(self, other):
        if type(self) is not type(other) or self.name[0] != other.name[0]:
            return NotImplemented
        return self.bitwidth < other.bitwidth


class Integer(Number):
    """An integer of a width, signed or not."""

    @property
    def signed(self):
        """Whether it has negative values."""
        return self.name[0] == "i"

    @property
    def maxval(self):
        """The greatest value."""
        return 2 ** (self.bitwidth - self.signed) - 1

    @property
    def minval(self):
        """The least value."""
        return -(2 ** (self.bitwidth - 1)) if self.signed else 0


class Float(Number):
    """A real number in floating point."""


class Complex(Number):
    """A complex number."""

    @property
    def underlying_float(self):
        """The type of its parts."""
        return SCALARS["float32" if self.name == "complex64" else "float64"]


class Boolean(_Scalar):
    """A truth value."""

    def cast_python_value(self, value):
        """True or False."""
        return bool(value)


class NoneType(Type):
    """The type of None; as a result, that of a function that gives nothing."""

    spelling = "None"

    def __reduce__(self):
        return "none"

    __module__ = "numir.types.scalars"


class _Named(Type):
    """A type with a name and a spelling."""

    def __init__(self, name, spelling):
        super().__init__(name)
        self._spelling = spelling

    @property
    def spelling(self):
        """The text that the compiler reads."""
        return self._spelling


# Names of the scalars whose values may be Python's own numbers.
OWN = {"bool": "bool", "int64": "int", "float64": "float", "complex128": "complex"}

_CLASSES = {"b": Boolean, "i": Integer, "u": Integer, "f": Float, "c": Complex}
_NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()


def _make(name, own):
    return _CLASSES[name[0]](name, np.bool_ if name == "bool" else getattr(np, name), own)


# All scalars by name, Python's own where there is one; and those whose values are NumPy's.
SCALARS = {name: _make(name, OWN.get(name)) for name in _NAMES}
NUMPY = {name: _make(name, None) if name in OWN else SCALARS[name] for name in _NAMES}

# Other names of the same: those of C, and the short ones with bytes counted.
_ALIASES = {
    "bool": "boolean bool_ b1",
    "int8": "i1 char",
    "int16": "i2 short",
    "int32": "i4 intc",
    "int64": "i8 int_ intp long_ longlong ssize_t",
    "uint8": "u1 byte uchar",
    "uint16": "u2 ushort",
    "uint32": "u4 uintc",
    "uint64": "u8 uint uintp ulong ulonglong size_t",
    "float16": "f2",
    "float32": "f4",
    "float64": "f8 double float_",
    "complex64": "c8",
    "complex128": "c16",
}
ALIASES = {alias: SCALARS[name] for name, aliases in _ALIASES.items() for alias in aliases.split()}

none = void = NoneType("none")
range_type = _Named("range", "range")
unicode_type = Refused("unicode_type", "only strings that are known when a function is compiled can be passed")
pyobject = Refused("pyobject", "compiled code has no Python objects; there is no object mode")
ellipsis = _Named("...", "ellipsis")
# A numpy.random.Generator.
npy_rng = _Named("NumPyRandomGeneratorType", "Generator")
undefined = Refused("undefined", "it is no type of values")
unknown = Refused("unknown", "it is no type of values")
