"""Type names: in an annotation (`float64[:, ::1]`), as a dtype (`np.zeros(3, float64)`), as a conversion (`int8(x)`)."""

import numpy as np


class ScalarType:
    """One of NumPy's scalar types under the name that Numba gives it."""

    def __init__(self, name, scalar):
        self.name = name
        self.scalar = scalar
        self.dtype = np.dtype(scalar)

    def __call__(self, *values):
        """Convert a value; or, called with types, name a signature such as `float64(float64, int64)`."""
        if not values or any(isinstance(value, (ScalarType, ArrayType)) for value in values):
            return Signature(self, values)
        return self.scalar(*values)

    def __getitem__(self, dimensions):
        """The type of an array: one slice per axis, `::1` for the axis whose items are neighbours."""
        dimensions = dimensions if isinstance(dimensions, tuple) else (dimensions,)
        return ArrayType(self, dimensions)

    def __repr__(self):
        return self.name


class ArrayType:
    """An array of `element`, with one slice per axis."""

    def __init__(self, element, dimensions):
        self.element = element
        self.dimensions = dimensions

    def __call__(self, *parameters):
        """A signature with this type as its result."""
        return Signature(self, parameters)

    def __repr__(self):
        axes = ("::1" if axis.step == 1 else ":" for axis in self.dimensions)
        return f"{self.element}[{', '.join(axes)}]"


class Signature:
    """A result type and parameter types, as they may stand in `@njit(float64(float64))`."""

    def __init__(self, result, parameters):
        self.result = result
        self.parameters = parameters

    def __repr__(self):
        return f"{self.result}({', '.join(map(repr, self.parameters))})"


bool_ = boolean = ScalarType("bool", np.bool_)
int8 = ScalarType("int8", np.int8)
int16 = ScalarType("int16", np.int16)
int32 = ScalarType("int32", np.int32)
int64 = ScalarType("int64", np.int64)
uint8 = ScalarType("uint8", np.uint8)
uint16 = ScalarType("uint16", np.uint16)
uint32 = ScalarType("uint32", np.uint32)
uint64 = ScalarType("uint64", np.uint64)
intp = ScalarType("intp", np.intp)
uintp = ScalarType("uintp", np.uintp)
float16 = ScalarType("float16", np.float16)
float32 = ScalarType("float32", np.float32)
float64 = ScalarType("float64", np.float64)
complex64 = ScalarType("complex64", np.complex64)
complex128 = ScalarType("complex128", np.complex128)
