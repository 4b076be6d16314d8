"""Type objects: names, equality, spellings, conversions; Numba's answers where it is installed."""

import collections
import pickle

import numpy as np
import pytest
from numir import errors, types

try:
    from numba import typeof as numba_typeof
    from numba import types as numba_types
except ImportError:
    numba_types = numba_typeof = None

Point = collections.namedtuple("Point", "x y")

# Expression, name, spelling.
MADE = [
    ("float64", "float64", "float"),
    ("int64", "int64", "int"),
    ("intp", "int64", "int"),
    ("i4", "int32", "int32"),
    ("byte", "uint8", "uint8"),
    ("boolean", "bool", "bool"),
    ("complex128", "complex128", "complex"),
    ("complex64", "complex64", "complex64"),
    ("void", "none", "None"),
    ("none", "none", "None"),
    ("float64[:]", "array(float64, 1d, A)", "float64[:]"),
    ("float64[::1]", "array(float64, 1d, C)", "float64[::1]"),
    ("float64[:, ::1]", "array(float64, 2d, C)", "float64[:, ::1]"),
    ("float64[::1, :]", "array(float64, 2d, F)", "float64[::1, :]"),
    ("Array(int8, 2, 'C', readonly=True)", "readonly array(int8, 2d, C)", "int8[:, ::1] readonly"),
    ("Array(int8, 2, 'A', aligned=False)", "unaligned array(int8, 2d, A)", "int8[:, :]"),
    ("Array(int8, 0, 'C')", "array(int8, 0d, C)", "int8[()]"),
    ("Array(int8, 1, 'F')", "array(int8, 1d, F)", "int8[::1]"),
    ("Tuple((int64, float64))", "Tuple(int64, float64)", "(int, float)"),
    ("Tuple((int32, int32))", "UniTuple(int32 x 2)", "(int32, int32)"),
    ("UniTuple(float64, 1)", "UniTuple(float64 x 1)", "(float,)"),
    ("Tuple(())", "Tuple()", "()"),
    ("Optional(int64)", "OptionalType(int64)", "int | None"),
    ("StringLiteral('a')", "Literal[str](a)", '"a"'),
]


@pytest.mark.parametrize(("made", "name", "spelling"), MADE)
def test_names_and_spellings(made, name, spelling):
    ty = eval(made, {known: getattr(types, known) for known in types.__all__})
    assert (str(ty), ty.name, ty.spelling) == (name, name, spelling)
    assert types.of_spelling(spelling).spelling == spelling
    assert pickle.loads(pickle.dumps(ty)) == ty
    assert hash(pickle.loads(pickle.dumps(ty))) == hash(ty)
    if numba_types:
        theirs = eval(made, vars(numba_types).copy())
        assert (str(theirs), repr(theirs)) == (str(ty), repr(ty))


REFUSED = ["pyobject", "unicode_type", "List(int64)", "ListType(int64)", "DictType(int64, float64)", "Set(int64)"]


@pytest.mark.parametrize("made", REFUSED)
def test_what_the_language_does_not_have_is_named_but_has_no_spelling(made):
    ty = eval(made, {known: getattr(types, known) for known in types.__all__})
    with pytest.raises(errors.UnsupportedError, match="passed|no object mode"):
        _ = ty.spelling
    if numba_types:
        theirs = eval(made, vars(numba_types).copy())
        assert (str(theirs), repr(theirs)) == (str(ty), repr(ty))


def readonly():
    array = np.zeros(3)
    array.flags.writeable = False
    return array


GRID = np.zeros((2, 3))
VALUES = [
    (1, "int64"),
    (2**63, "uint64"),
    (True, "bool"),
    (1.0, "float64"),
    (1j, "complex128"),
    (None, "none"),
    ("abc", "unicode_type"),
    (b"abc", "readonly bytes(uint8, 1d, C)"),
    ((1, 2), "UniTuple(int64 x 2)"),
    ((1, 2.0), "Tuple(int64, float64)"),
    ((), "Tuple()"),
    (((1, 2), 3.0), "Tuple(UniTuple(int64 x 2), float64)"),
    (Point(1, 2), "Point(int64 x 2)"),
    (Point(1, 2.0), "Point(int64, float64)"),
    (GRID, "array(float64, 2d, C)"),
    (GRID.T, "array(float64, 2d, F)"),
    (GRID[:, ::2], "array(float64, 2d, A)"),
    (readonly(), "readonly array(float64, 1d, C)"),
    (np.zeros(()), "array(float64, 0d, C)"),
    (np.zeros(3, bool), "array(bool, 1d, C)"),
    (np.float32(1), "float32"),
    (np.float64(1), "float64"),
    (np.bool_(True), "bool"),
    (np.float16(1), "float16"),
    (slice(1, 2), "slice<a:b>"),
    (slice(1, 2, 3), "slice<a:b:c>"),
    (..., "..."),
    ([1], "reflected list(int64)<iv=None>"),
    ({1}, "reflected set(int64)"),
    (np.dtype("f8"), "dtype(float64)"),
    (np.float64, "class(float64)"),
    (np.datetime64("2020"), "datetime64[Y]"),
]


@pytest.mark.parametrize(("value", "name"), VALUES, ids=[name for _, name in VALUES])
def test_typeof(value, name):
    assert str(types.typeof(value)) == name
    if numba_typeof:
        assert str(numba_typeof(value)) == name


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, object(), {1: 2}, len, int, []])
def test_typeof_of_what_has_no_type(value):
    with pytest.raises(ValueError, match="type|large"):
        types.typeof(value)


def test_numbers_of_numpy_keep_their_name_and_have_a_spelling_of_their_own():
    assert types.typeof(np.float64(1)) == types.float64
    assert types.typeof(np.float64(1)).spelling == "float64"
    assert types.as_type(np.bool_).spelling == "np.bool"
    assert types.as_type(float).spelling == "float"


@pytest.mark.parametrize("name", ["int8", "uint64", "float32", "float64", "complex64", "bool"])
def test_dtypes_there_and_back(name):
    ty = types.from_dtype(np.dtype(name))
    assert ty is getattr(types, name)
    assert types.as_dtype(ty) == np.dtype(name)
    assert np.zeros(1, ty).dtype == np.dtype(name)


def test_calling_converts_values_and_makes_signatures_of_types():
    assert types.int32(3.7) == 3 and isinstance(types.int32(3.7), np.int32)
    assert types.boolean(3) is True
    with pytest.raises(OverflowError):
        types.uint8(300)
    signature = types.float64(types.int32, types.float64[:], int)
    assert signature.args == (types.int32, types.float64[:], types.int64)
    assert signature.return_type is types.float64
    assert types.void() == types.void() and types.void() != types.int64()
    assert repr(types.void(types.int32)) == "(int32,) -> none"
    assert pickle.loads(pickle.dumps(signature)) == signature


def test_scalars_are_one_object_each_after_pickling():
    assert pickle.loads(pickle.dumps(types.float64)) is types.float64
    assert pickle.loads(pickle.dumps(types.none)) is types.none


@pytest.mark.parametrize("axes", [slice(1, None), 3, (slice(None, None, 1),) * 2, slice(None, None, 2)])
def test_axes_that_make_no_array(axes):
    with pytest.raises(KeyError):
        types.float64[axes]


def test_spellings_of_the_compiler_are_read():
    from numir import types

    for spelling in ("float64[:] readonly", "(float64[::1] readonly, int)", "object 3", "(object 12,)", "int | None"):
        assert types.of_spelling(spelling).spelling == spelling


def test_numbers_of_one_kind_are_ordered_by_width():
    assert sorted([types.int64, types.int8, types.int32]) == [types.int8, types.int32, types.int64]
    assert types.float64 > types.float32
    with pytest.raises(TypeError):
        _ = types.int8 < types.uint16
