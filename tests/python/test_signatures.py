"""Signatures in all forms that the decorators take, and what is said of those that cannot be read."""

import pytest
from numir import errors, signatures
from numir.types import Array, Optional, Tuple, UniTuple, float32, float64, int32, int64, void
from numir.types.base import Signature

READ = [
    ("float64(int32, float64[:])", float64(int32, float64[:])),
    ("(i4, f8)", Signature(None, (int32, float64))),
    ("(i4,)", Signature(None, (int32,))),
    ("()", Signature(None, ())),
    ("void(f8[:, ::1])", void(float64[:, ::1])),
    ("f8()", Signature(float64, ())),
    (" types.float64 ( numba.types.int32 , int ) ", float64(int32, int64)),
    ("Tuple((i8, f4))(UniTuple(f8, 3))", Signature(Tuple((int64, float32)), (UniTuple(float64, 3),))),
    ("void(optional(i4), Array(f8, 2, 'F'))", void(Optional(int32), Array(float64, 2, "F"))),
    ("void(f8[::1, :])", void(float64[::1, :])),
    ((int32, float64[:]), Signature(None, (int32, float64[:]))),
    ((int, float), Signature(None, (int64, float64))),
    (float64(int32), float64(int32)),
]


@pytest.mark.parametrize(("given", "signature"), READ, ids=[str(given) for given, _ in READ])
def test_reading(given, signature):
    assert signatures.parse(given) == [signature]


def test_lists_hold_several():
    assert signatures.parse(["f8(f8)", float32(float32), (int64,)]) == [
        float64(float64),
        float32(float32),
        Signature(None, (int64,)),
    ]
    assert signatures.parse_list(iter(["f8(f8)"])) == [float64(float64)]


# Text, what is said, and the column that is pointed at.
WRONG = [
    ("float64(int33)", "there is no type `int33`", 8),
    ("f8(i4", "expected here", 5),
    ("f8(i4))", "not expected here", 6),
    ("f8[:;]", "expected here", 4),
    ("f8[1]", "written `:`", 3),
    ("f8", "parameters are missing", 2),
    ("f8(i4,,)", "name of a type", 6),
    ("", "name of a type", 0),
    ("__import__('os').system('true')", "there is no type", 0),
    ("f8(3)", "not a type", 2),
    ("f8(f8(f8))", "not a type", 2),
    ("Array(f8, 2, 'X')()", "layout", 5),
    ("f8(i4 | f8)", "one type and None", 3),
]


@pytest.mark.parametrize(("text", "said", "column"), WRONG, ids=[text for text, _, _ in WRONG])
def test_what_cannot_be_read_is_pointed_at(text, said, column):
    with pytest.raises(errors.SignatureError, match=said) as raised:
        signatures.parse(text)
    pointer = str(raised.value).splitlines()[-1]
    assert pointer == " " * (4 + column) + "^"
    assert isinstance(raised.value, TypeError) and isinstance(raised.value, errors.TypingError)


@pytest.mark.parametrize("thing", [3, {"a": 1}, float64, ("x y",), (3,)])
def test_what_is_no_signature(thing):
    with pytest.raises(TypeError):
        signatures.parse(thing)


def test_brackets_have_a_bound():
    with pytest.raises(errors.SignatureError, match="nest deeper"):
        signatures.parse("(" * 100_000)
