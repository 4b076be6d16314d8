"""The types of values: `float64`, `float64[:, ::1]`, tuples, optionals, and signatures such as `float64(int32, float64[:])`.

A type knows its `spelling`, the text by which the compiler knows it. On scalars `int64`, `float64`, `complex128` and `boolean`
mean Python's own numbers, as in Numba; the others mean NumPy's.
"""

import numpy as np

# Numba's name of a scalar, NumPy's, and the compiler's where it is Python's own.
_SCALARS = (
    ("boolean", "bool_", "bool"),
    ("int8", "int8", None),
    ("int16", "int16", None),
    ("int32", "int32", None),
    ("int64", "int64", "int"),
    ("uint8", "uint8", None),
    ("uint16", "uint16", None),
    ("uint32", "uint32", None),
    ("uint64", "uint64", None),
    ("float16", "float16", None),
    ("float32", "float32", None),
    ("float64", "float64", "float"),
    ("complex64", "complex64", None),
    ("complex128", "complex128", "complex"),
)

_ALIASES = {
    "bool": "boolean", "bool_": "boolean", "b1": "boolean",
    "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64",
    "f2": "float16", "f4": "float32", "f8": "float64", "c8": "complex64", "c16": "complex128",
    "byte": "uint8", "char": "int8", "short": "int16", "ushort": "uint16", "int_": "int64", "uint": "uint64",
    "int": "int64", "float": "float64", "complex": "complex128",
    "intc": "int32", "uintc": "uint32", "long_": "int64", "ulong": "uint64", "longlong": "int64", "ulonglong": "uint64",
    "intp": "int64", "uintp": "uint64", "ssize_t": "int64", "size_t": "uint64",
    "float_": "float32", "double": "float64",
}  # fmt: skip


class Type:
    """A type. Equal spellings are equal types."""

    __slots__ = ("name", "spelling")

    def __init__(self, name, spelling):
        self.name = name
        self.spelling = spelling

    def __eq__(self, other):
        return isinstance(other, Type) and other.spelling == self.spelling

    def __hash__(self):
        return hash(self.spelling)

    def __repr__(self):
        return self.name

    def __reduce__(self):
        return of_spelling, (self.spelling,)

    def __call__(self, *arguments):
        """A signature that returns this type, if called with types; else a value converted to it."""
        if len(arguments) == 1 and not _is_type(arguments[0]):
            return self.convert(arguments[0])
        return Signature(self, tuple(of(argument) for argument in arguments))

    def convert(self, value):
        """A Python value as one of this type."""
        raise TypeError(f"a value cannot be converted to {self}")


class Scalar(Type):
    """A number or a truth value."""

    __slots__ = ("dtype_name",)

    def __init__(self, name, dtype_name, spelling):
        super().__init__(name, spelling)
        self.dtype_name = dtype_name

    def __getitem__(self, axes):
        """An array: one slice per axis, `::1` for the axis whose items are neighbours."""
        axes = axes if isinstance(axes, tuple) else (axes,)
        steps = []
        for axis in axes:
            if not isinstance(axis, slice) or (axis.start, axis.stop) != (None, None) or axis.step not in (None, 1):
                raise KeyError(f"the axes of an array are written `:` or `::1`, not {axis!r}")
            steps.append(axis.step == 1)
        if sum(steps) > 1 or any(steps[1:-1]):
            raise KeyError("`::1` stands on the last axis (C order) or on the first (Fortran order)")
        return Array(self, len(axes), "C" if steps and steps[-1] else "F" if steps and steps[0] else "A")

    @property
    def dtype(self):
        """NumPy's dtype, so that the type can stand where one is wanted."""
        return np.dtype(self.dtype_name)

    @property
    def bitwidth(self):
        """The bits of a value."""
        return 8 * self.dtype.itemsize

    def convert(self, value):
        """A Python value as NumPy's scalar of this type."""
        return self.dtype.type(value)


class Array(Type):
    """An array of `dtype` with `ndim` axes; layout C, F or A (any)."""

    __slots__ = ("item", "layout", "mutable", "ndim")

    def __init__(self, dtype, ndim, layout, readonly=False, name=None, aligned=True):
        self.item, self.ndim, self.layout, self.mutable = of(dtype), ndim, layout, not readonly
        axes = [":"] * ndim
        if layout == "C" and ndim:
            axes[-1] = "::1"
        elif layout == "F" and ndim > 1:
            axes[0] = "::1"
        dtype_name = "bool" if self.item.name == "boolean" else self.item.name
        spelling = f"{dtype_name}[{', '.join(axes) or '()'}]{' readonly' if readonly else ''}"
        super().__init__(name or f"Array({self.item}, {ndim}, {layout!r}, {not readonly}, aligned=True)", spelling)

    @property
    def dtype(self):
        """The items' type."""
        return self.item

    def __repr__(self):
        return f"array({self.item}, {self.ndim}d, {self.layout}{'' if self.mutable else ', readonly'})"

    __str__ = __repr__


class BaseTuple(Type):
    """A tuple of given types."""

    __slots__ = ("types",)

    def __init__(self, types):
        self.types = tuple(of(ty) for ty in types)
        inner = ", ".join(ty.spelling for ty in self.types)
        spelling = f"({inner}{',' if len(self.types) == 1 else ''})"
        if self.types and all(ty == self.types[0] for ty in self.types):
            name = f"UniTuple({self.types[0]} x {len(self.types)})"
        else:
            name = f"Tuple({', '.join(str(ty) for ty in self.types)})"
        super().__init__(name, spelling)

    @property
    def count(self):
        """The number of items."""
        return len(self.types)

    @property
    def dtype(self):
        """The type of all items, where they are of one."""
        return self.types[0]

    def __len__(self):
        return len(self.types)

    def __iter__(self):
        return iter(self.types)

    def __getitem__(self, place):
        return self.types[place]


def Tuple(types):
    """The type of a tuple of values of these types."""
    return BaseTuple(types)


def UniTuple(dtype, count):
    """The type of a tuple of `count` values of one type."""
    return BaseTuple((dtype,) * count)


class Optional(Type):
    """None or a value of a type."""

    __slots__ = ("type",)

    def __init__(self, ty):
        self.type = of(ty)
        super().__init__(f"OptionalType({self.type})", f"{self.type.spelling} | None")


class StringLiteral(Type):
    """A string, known when a function is compiled."""

    __slots__ = ("literal_value",)

    def __init__(self, text):
        self.literal_value = text
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        super().__init__(f"Literal[str]({text})", f'"{escaped}"')


class Omitted(Type):
    """An argument that was left to its default."""

    __slots__ = ()

    def __init__(self):
        super().__init__("omitted", "omitted")


class Signature:
    """The types of a function's arguments, and of its result or None where that is to be found."""

    __slots__ = ("args", "return_type")

    def __init__(self, return_type, args):
        self.return_type = return_type
        self.args = args

    def __eq__(self, other):
        return isinstance(other, Signature) and (self.return_type, self.args) == (other.return_type, other.args)

    def __hash__(self):
        return hash((self.return_type, self.args))

    def __repr__(self):
        arguments = ", ".join(map(str, self.args))
        return f"({arguments}) -> {self.return_type}" if self.return_type is not None else f"({arguments})"


none = void = Type("none", "None")
range_state_int64 = Type("range_state_int64", "range")
omitted = Omitted()

_BY_NAME = {"none": none, "void": none, "None": none}
for _name, _dtype, _python in _SCALARS:
    _BY_NAME[_name] = Scalar(_name, _dtype, _python or _dtype)
for _name, _target in _ALIASES.items():
    _BY_NAME[_name] = _BY_NAME[_target]
# NumPy's own bool, int64, float64 and complex128, which are strong in promotion.
_STRONG = {
    spelling: Scalar(name, dtype, spelling)
    for spelling, name, dtype in (
        ("np.bool", "boolean", "bool_"),
        ("int64", "int64", "int64"),
        ("float64", "float64", "float64"),
        ("complex128", "complex128", "complex128"),
    )
}
globals().update({name: ty for name, ty in _BY_NAME.items() if name not in ("bool", "int", "float", "complex", "None")})
none = _BY_NAME["none"]

_PYTHON = {bool: "boolean", int: "int64", float: "float64", complex: "complex128", type(None): "none"}


def _is_type(thing):
    return isinstance(thing, (Type, np.dtype)) or thing is None or isinstance(thing, type)


def of(thing):
    """The type that something stands for: a type, a dtype, one of NumPy's or Python's classes, None."""
    if isinstance(thing, Type):
        return thing
    if thing is None:
        return none
    if thing in _PYTHON:
        return _BY_NAME[_PYTHON[thing]]
    if isinstance(thing, (np.dtype, type)):
        return from_dtype(np.dtype(thing))
    if isinstance(thing, str):
        from numir import signatures

        return signatures.parse_type(thing)
    raise TypeError(f"{thing!r} is no type")


def from_dtype(dtype):
    """The type of NumPy's scalars of a dtype."""
    name = np.dtype(dtype).name
    known = _BY_NAME.get("boolean" if name == "bool" else name)
    if known is None:
        from numir import errors

        raise errors.NumbaTypeError(f"numir has no type for dtype {dtype}")
    return known


def as_dtype(ty):
    """NumPy's dtype of a scalar type."""
    ty = of(ty)
    if not isinstance(ty, Scalar):
        from numir import errors

        raise errors.NumbaTypeError(f"{ty} is no dtype")
    return ty.dtype


def typeof(value):
    """The type of a value, as a compiled function would see it."""
    if value is None:
        return none
    if type(value) in _PYTHON:
        return _BY_NAME[_PYTHON[type(value)]]
    if isinstance(value, np.ndarray):
        flags = value.flags
        layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return Array(from_dtype(value.dtype), value.ndim, layout, readonly=not flags.writeable)
    if isinstance(value, np.generic):
        return from_dtype(value.dtype)
    if isinstance(value, tuple):
        return BaseTuple(typeof(item) for item in value)
    if isinstance(value, str):
        return StringLiteral(value)
    raise ValueError(f"cannot determine the numir type of {type(value)}")


def of_spelling(text):
    """The type that the compiler writes so."""
    from numir import signatures

    return signatures.read_spelling(text)
