"""Types made of others: arrays, tuples, optionals; and those that the language does not have."""

from numir.types.base import Refused, Type
from numir.types.scalars import SCALARS


def _type(given):
    from numir.types.convert import as_type

    return as_type(given)


class Array(Type):
    """An array: the type of its items, the number of axes, and `"C"`, `"F"` or `"A"` (any strides) for the layout."""

    def __init__(self, dtype, ndim, layout, readonly=False, name=None, aligned=True):
        if layout not in ("C", "F", "A"):
            raise ValueError(f"the layout of an array is 'C', 'F' or 'A', not {layout!r}")
        if isinstance(dtype, Array):
            raise TypeError("Array dtype cannot be Array")
        self.dtype, self.ndim, self.layout = _type(dtype), ndim, layout
        self.mutable, self.aligned = not readonly, aligned
        marks = ("" if aligned else "unaligned ") + ("readonly " if readonly else "")
        super().__init__(name or f"{marks}array({self.dtype}, {ndim}d, {layout})")

    @property
    def readonly(self):
        """Whether it cannot be written to."""
        return not self.mutable

    @property
    def key(self):
        """Everything that tells arrays apart."""
        return self.dtype, self.ndim, self.layout, self.mutable, self.aligned

    @property
    def is_c_contig(self):
        """Whether items lie in C order without gaps."""
        return self.layout == "C" or (self.ndim <= 1 and self.layout in "CF")

    @property
    def is_f_contig(self):
        """Whether items lie in Fortran order without gaps."""
        return self.layout == "F" or (self.ndim <= 1 and self.layout in "CF")

    @property
    def is_contig(self):
        """Whether items lie without gaps."""
        return self.layout in "CF"

    @property
    def spelling(self):
        """`float64[:, ::1]`; arrays of other than numbers have none."""
        from numir.types.scalars import NUMPY

        if isinstance(self.dtype, Record):
            return self.dtype.array_spelling(f"{self.ndim}{' readonly' if self.readonly else ''}")
        if self.dtype.name not in NUMPY and not isinstance(self.dtype, _Time):
            return super().spelling
        axes = [":"] * self.ndim
        if axes and self.layout != "A":
            axes[-1 if self.is_c_contig else 0] = "::1"
        return f"{self.dtype.name}[{', '.join(axes) or '()'}]{' readonly' if self.readonly else ''}"

    def copy(self, dtype=None, ndim=None, layout=None, readonly=None):
        """The same with other parts."""
        return Array(
            self.dtype if dtype is None else dtype,
            self.ndim if ndim is None else ndim,
            self.layout if layout is None else layout,
            self.readonly if readonly is None else readonly,
            aligned=self.aligned,
        )

    def __repr__(self):
        return f"Array({self.dtype!r}, {self.ndim}, {self.layout!r}, {self.readonly}, aligned={self.aligned})"


class BaseTuple(Type):
    """A tuple: `types` are those of its items."""

    @property
    def key(self):
        """The types of the items."""
        return self.types

    @property
    def count(self):
        """How many items there are."""
        return len(self.types)

    @property
    def spelling(self):
        """`(int, float)`."""
        items = ", ".join(ty.spelling for ty in self.types)
        return f"({items},)" if self.count == 1 else f"({items})"

    def __len__(self):
        return self.count

    def __iter__(self):
        return iter(self.types)

    def __getitem__(self, place):
        return self.types[place]


class Tuple(BaseTuple):
    """A tuple with items of several types. With items of one type it is a UniTuple."""

    def __new__(cls, types=()):
        types = tuple(_type(ty) for ty in types)
        if cls is Tuple and types and all(ty == types[0] for ty in types):
            return UniTuple(types[0], len(types))
        return super().__new__(cls)

    def __init__(self, types=()):
        self.types = tuple(_type(ty) for ty in types)
        super().__init__(f"Tuple({', '.join(map(str, self.types))})")

    def __reduce__(self):
        return Tuple, (self.types,)

    def __repr__(self):
        return f"Tuple({self.types!r})"


class UniTuple(BaseTuple):
    """A tuple with `count` items of the type `dtype`."""

    def __init__(self, dtype, count):
        self.dtype = _type(dtype)
        self.types = (self.dtype,) * count
        super().__init__(f"UniTuple({self.dtype} x {count})")

    def __repr__(self):
        return f"UniTuple({self.dtype!r}, {self.count})"


class NamedTuple(BaseTuple):
    """A tuple of a class made by `collections.namedtuple`."""

    def __init__(self, types, cls):
        self.types = tuple(_type(ty) for ty in types)
        self.instance_class, self.fields = cls, cls._fields
        super().__init__(f"{cls.__name__}({', '.join(map(str, self.types))})")

    @property
    def key(self):
        """The class and the types of the items."""
        return self.instance_class, self.types

    @property
    def spelling(self):
        """`NamedTuple((int, float), "module.Point", "Point", "x y")`."""
        from numir import _numir
        from numir.types.literals import StringLiteral

        cls = self.instance_class
        texts = (_numir.class_identity(cls), cls.__name__, " ".join(self.fields))
        return f"NamedTuple({super().spelling}, {', '.join(StringLiteral(text).spelling for text in texts)})"

    @staticmethod
    def of_spelling(types, identity, name, fields):
        """The type that is spelled so: its class is known to this process."""
        from numir import _numir

        return named_tuple(tuple(map(_type, types)), _numir.class_named(identity.literal_value))


def named_tuple(types, cls):
    """The type of a named tuple of the class `cls` with items of these types."""
    if types and all(ty == types[0] for ty in types):
        return NamedUniTuple(types[0], len(types), cls)
    return NamedTuple(types, cls)


class NamedUniTuple(NamedTuple):
    """A named tuple with `count` items of one type."""

    def __init__(self, dtype, count, cls):
        super().__init__((dtype,) * count, cls)
        self.dtype = _type(dtype)
        self.name = f"{cls.__name__}({self.dtype} x {count})"


class Optional(Type):
    """A value of the type `type`, or None."""

    def __init__(self, typ):
        self.type = _type(typ)
        super().__init__(f"OptionalType({self.type})")

    @property
    def key(self):
        """The type of the value."""
        return self.type

    @property
    def spelling(self):
        """`int | None`."""
        return f"{self.type.spelling} | None"


class _Container(Refused):
    """A container that the language does not have, of a name and the parts that make it."""

    def __init__(self, name, kind, parts):
        super().__init__(name, f"{kind} cannot be passed to compiled code")
        self.parts = parts

    @property
    def key(self):
        """Its name and its parts."""
        return self.name, self.parts


class List(_Container):
    """Python's list."""

    def __init__(self, dtype, reflected=False):
        self.dtype, self.reflected = _type(dtype), reflected
        super().__init__(f"{'reflected ' * reflected}list({self.dtype})<iv=None>", "lists", (self.dtype, reflected))

    def __repr__(self):
        return f"List({self.dtype!r}, {self.reflected})"


class Set(_Container):
    """Python's set."""

    def __init__(self, dtype, reflected=False):
        self.dtype, self.reflected = _type(dtype), reflected
        super().__init__(f"{'reflected ' * reflected}set({self.dtype})", "sets", (self.dtype, reflected))

    def __repr__(self):
        return f"Set({self.dtype!r}, {self.reflected})"


class ListType(_Container):
    """A typed list."""

    def __init__(self, itemty):
        self.item_type = self.dtype = _type(itemty)
        super().__init__(f"ListType[{self.item_type}]", "lists", (self.item_type,))

    def __repr__(self):
        return f"ListType({self.item_type!r})"


class DictType(_Container):
    """A typed dictionary."""

    def __init__(self, keyty, valty):
        self.key_type, self.value_type = _type(keyty), _type(valty)
        parts = (self.key_type, self.value_type)
        super().__init__(f"DictType[{parts[0]},{parts[1]}]<iv=None>", "dictionaries", parts)

    def __repr__(self):
        return f"DictType({self.key_type!r}, {self.value_type!r})"


class Bytes(_Container):
    """A string of bytes."""

    def __init__(self):
        super().__init__("readonly bytes(uint8, 1d, C)", "bytes", ())


class MemoryView(_Container):
    """A memoryview."""

    def __init__(self, dtype, ndim, layout, readonly=False):
        parts = (_type(dtype), ndim, layout, readonly)
        name = f"{'readonly ' * readonly}memoryview({parts[0]}, {ndim}d, {layout})"
        super().__init__(name, "memoryviews", parts)


class _Time(Type):
    """Dates or spans of time: `unit` is NumPy's letters, empty for none."""

    def __init__(self, unit=""):
        unit = "" if unit == "generic" else unit
        if unit not in _UNITS:
            raise ValueError(f"{unit!r} is no unit of time: {', '.join(_UNITS[1:])}")
        self.unit = unit
        super().__init__(f"{self.numpy_name}[{unit}]" if unit else self.numpy_name)

    @property
    def spelling(self):
        """`datetime64[D]`."""
        return self.name

    @property
    def dtype(self):
        """The dtype of NumPy's values of the type."""
        import numpy as np

        return np.dtype(self.name)

    def __reduce__(self):
        return type(self), (self.unit,)

    def __repr__(self):
        return f"{type(self).__name__}({self.unit!r})"


_UNITS = ("", "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")


class NPDatetime(_Time):
    """NumPy's datetime64 of a unit."""

    numpy_name = "datetime64"


class NPTimedelta(_Time):
    """NumPy's timedelta64 of a unit."""

    numpy_name = "timedelta64"


class Record(Type):
    """An item of a structured array."""

    def __init__(self, dtype):
        self.dtype = dtype
        super().__init__(f"Record({dtype})")

    @property
    def key(self):
        """The layout; the dtype where the language has no such records."""
        from numir._records import layout_of

        return layout_of(self.dtype) or self.dtype

    @property
    def spelling(self):
        """`records("8;int64:0:x", "0")`."""
        return self.array_spelling("0")

    def array_spelling(self, form):
        """The same of arrays with so many dimensions."""
        from numir._records import layout_of
        from numir.types.literals import StringLiteral

        layout = layout_of(self.dtype)
        if layout is None:
            return super().spelling
        return f"records({StringLiteral(layout).spelling}, {StringLiteral(form).spelling})"

    def __len__(self):
        return len(self.dtype.names)

    @staticmethod
    def of_spelling(layout, form):
        """The record, or the array of records, that is spelled so."""
        from numir._records import dtype_of

        rank, _, readonly = form.literal_value.partition(" ")
        dtype = dtype_of(layout.literal_value)
        record = Record(dtype) if dtype.names is not None else _type(dtype)
        if rank == "0":
            return record
        return Array(record, int(rank), "A", readonly=bool(readonly), aligned=False)


class DType(Type):
    """A dtype as a value."""

    def __init__(self, dtype):
        self.dtype = _type(dtype)
        super().__init__(f"dtype({self.dtype})")

    @property
    def key(self):
        """The type of the items."""
        return self.dtype

    @property
    def spelling(self):
        """`dtype(float64)`; a dtype of other than numbers has none."""
        from numir.types.scalars import NUMPY

        if isinstance(self.dtype, _Time):
            return f"dtype({self.dtype.name})"
        if self.dtype.name not in NUMPY:
            return super().spelling
        return f"dtype({NUMPY[self.dtype.name].spelling})"


class Slice(Type):
    """A slice: the types of start, stop and step, each an integer's, None's, or optional. Those without a step are one type to who
    compares types, and those with one, as in Numba."""

    def __init__(self, start, stop, step):
        self.types = _type(start), _type(stop), _type(step)
        super().__init__("slice<a:b>" if self.types[2] == _type(None) else "slice<a:b:c>")

    @property
    def spelling(self):
        """`slice(int, None, None)`."""
        return f"slice({', '.join(ty.spelling for ty in self.types)})"


# Of a signature: slices whose parts are given or not. They are told from None when the function runs.
_INDEX = Optional(SCALARS["int64"])
slice2_type = Slice(_INDEX, _INDEX, None)
slice3_type = Slice(_INDEX, _INDEX, _INDEX)


class NumberClass(_Container):
    """A type as a value."""

    def __init__(self, instance):
        self.instance_type = self.dtype = _type(instance)
        super().__init__(f"class({self.instance_type})", "types", (self.instance_type,))


class IntEnumMember(Type):
    """A member of a class derived from `enum.IntEnum`, whose values have the type `dtype`: compiled code gets the value."""

    def __init__(self, cls, dtype):
        self.instance_class, self.dtype = cls, _type(dtype)
        super().__init__(f"IntEnum<{self.dtype}>({cls.__name__})")

    @property
    def key(self):
        """The class and the type of the values."""
        return self.instance_class, self.dtype

    @property
    def spelling(self):
        """That of the values."""
        return self.dtype.spelling


class EnumMember(Type):
    """A member of a class derived from `enum.Enum`, whose values have the type `dtype`."""

    def __init__(self, cls, dtype):
        self.instance_class, self.dtype = cls, _type(dtype)
        super().__init__(f"Enum<{self.dtype}>({cls.__name__})")

    @property
    def key(self):
        """The class and the type of the values."""
        return self.instance_class, self.dtype

    @property
    def spelling(self):
        """`Member(int, "module.Color", "Color")`."""
        from numir import _numir
        from numir.types.literals import StringLiteral

        cls = self.instance_class
        texts = (_numir.class_identity(cls), cls.__name__)
        return f"Member({self.dtype.spelling}, {', '.join(StringLiteral(text).spelling for text in texts)})"

    @staticmethod
    def of_spelling(dtype, identity, name):
        """The type that is spelled so: its class is known to this process."""
        from numir import _numir

        return EnumMember(_numir.class_named(identity.literal_value), dtype)


class Omitted(_Container):
    """A parameter's default that a caller left to the function."""

    def __init__(self, default):
        self.value = default
        super().__init__(f"omitted(default={default!r})", "defaults", (repr(default),))


class Known(Type):
    """An object that is part of its own type, as a function given to a compiled one: known when that is compiled."""

    def __init__(self, number):
        self.number = number
        super().__init__(f"known object {number}")

    @property
    def spelling(self):
        """By the number that it has in this process."""
        return f"object {self.number}"
