"""The types of values, under the names that Numba gives them: `float64`, `float64[:, ::1]`, `Tuple((int64, float64))`.

A type called with types is a signature (`float64(int32, float64[:])`); called with a value it converts it. Each type has a
`spelling`, the text by which the compiler knows it; a type that the language does not have says so when that is asked for.
"""

from numir.types.base import Refused, Signature, Type
from numir.types.containers import (
    Array,
    BaseTuple,
    Bytes,
    DictType,
    DType,
    EnumMember,
    IntEnumMember,
    List,
    ListType,
    MemoryView,
    NamedTuple,
    NamedUniTuple,
    NPDatetime,
    NPTimedelta,
    NumberClass,
    Omitted,
    Optional,
    Record,
    Set,
    Slice,
    Tuple,
    UniTuple,
    slice2_type,
    slice3_type,
)
from numir.types.convert import as_dtype, as_type, from_dtype, of_spelling
from numir.types.literals import (
    BooleanLiteral,
    IntegerLiteral,
    Literal,
    StringLiteral,
    literal,
    maybe_literal,
    unliteral,
)
from numir.types.pointers import CPointer, RawPointer, voidptr
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
from numir.types.typeof import typeof

globals().update(SCALARS)
globals().update(ALIASES)

bool = SCALARS["bool"]
optional = Optional
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
    "Array",
    "BaseTuple",
    "Boolean",
    "BooleanLiteral",
    "Bytes",
    "CPointer",
    "Complex",
    "DType",
    "DictType",
    "Float",
    "Integer",
    "EnumMember",
    "IntEnumMember",
    "IntegerLiteral",
    "List",
    "ListType",
    "Literal",
    "MemoryView",
    "NPDatetime",
    "NPTimedelta",
    "NamedTuple",
    "NamedUniTuple",
    "NoneType",
    "Number",
    "NumberClass",
    "Omitted",
    "Optional",
    "RawPointer",
    "Record",
    "Refused",
    "Set",
    "Slice",
    "Signature",
    "StringLiteral",
    "Tuple",
    "Type",
    "UniTuple",
    "as_dtype",
    "as_type",
    "complex_domain",
    "ellipsis",
    "from_dtype",
    "integer_domain",
    "literal",
    "maybe_literal",
    "none",
    "npy_rng",
    "number_domain",
    "of_spelling",
    "optional",
    "pyobject",
    "range_type",
    "real_domain",
    "signed_domain",
    "slice2_type",
    "slice3_type",
    "string",
    "typeof",
    "undefined",
    "unicode_type",
    "unknown",
    "unliteral",
    "unsigned_domain",
    "void",
    "voidptr",
]
