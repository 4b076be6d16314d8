"""The types of values, under the names that Numba gives them: `float64`, `float64[:, ::1]`, `Tuple((int64, float64))`.

A type called with types is a signature (`float64(int32, float64[:])`); called with a value it converts it. Each type has a
`spelling`, the text by which the compiler knows it; a type that the language does not have says so when that is asked for.
"""

from numir.types.base import Refused, Signature, Type
from numir.types.scalars import (
    ALIASES,
    SCALARS,
    Boolean,
    Complex,
    Float,
    Integer,
    NoneType,
    Number,
    ellipsis,
    none,
    npy_rng,
    pyobject,
    range_type,
    undefined,
    unicode_type,
    unknown,
    void,
)

# What other modules define, and is looked up when it is asked for: few programs name more than numbers.
_LAZY = {
    "containers": (
        "Array",
        "BaseTuple",
        "Bytes",
        "DType",
        "DictType",
        "EnumMember",
        "IntEnumMember",
        "List",
        "ListType",
        "MemoryView",
        "NPDatetime",
        "NPTimedelta",
        "NamedTuple",
        "NamedUniTuple",
        "NumberClass",
        "Omitted",
        "Optional",
        "Record",
        "Set",
        "Slice",
        "Tuple",
        "UniTuple",
        "slice2_type",
        "slice3_type",
    ),
    "convert": ("as_dtype", "as_type", "from_dtype", "of_spelling"),
    "literals": (
        "BooleanLiteral",
        "IntegerLiteral",
        "Literal",
        "StringLiteral",
        "literal",
        "maybe_literal",
        "unliteral",
    ),
    "pointers": ("CPointer", "RawPointer", "voidptr"),
    "of_values": ("typeof",),
}
_MODULE_OF = {name: module for module, names in _LAZY.items() for name in names} | {"optional": "containers"}

globals().update(SCALARS)
globals().update(ALIASES)

bool = SCALARS["bool"]
string = unicode_type

integer_domain = frozenset(ty for ty in SCALARS.values() if isinstance(ty, Integer))
signed_domain = frozenset(ty for ty in integer_domain if ty.signed)
unsigned_domain = integer_domain - signed_domain
real_domain = frozenset((SCALARS["float32"], SCALARS["float64"]))
complex_domain = frozenset((SCALARS["complex64"], SCALARS["complex128"]))
number_domain = integer_domain | real_domain | complex_domain

__all__ = [
    *SCALARS,
    *ALIASES,
    *_MODULE_OF,
    "Boolean",
    "Complex",
    "Float",
    "Integer",
    "NoneType",
    "Number",
    "Refused",
    "Signature",
    "Type",
    "complex_domain",
    "ellipsis",
    "integer_domain",
    "none",
    "npy_rng",
    "number_domain",
    "pyobject",
    "range_type",
    "real_domain",
    "signed_domain",
    "string",
    "undefined",
    "unicode_type",
    "unknown",
    "unsigned_domain",
    "void",
]


def __getattr__(name):
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'numir.types' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"numir.types.{module}"), "Optional" if name == "optional" else name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
