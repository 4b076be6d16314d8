"""Declared signatures: which arguments they take, how these and the results are converted, and globals that change."""

import numir
import numpy as np
import pytest
from numir import float64, int64, njit


def identity(x):
    return x


@pytest.mark.parametrize(
    ("signature", "argument", "result"),
    [
        ("float64(float64)", 2, 2.0),
        ("float64(float64)", True, 1.0),
        ("float64(float64)", np.float32(2.5), 2.5),
        ("complex128(complex128)", 2, 2 + 0j),
        ("int32(int32)", 2**40 + 5, 5),
        ("int32(int32)", np.int64(-1), -1),
        ("uint8(uint8)", 300, 44),
        ("float16(float16)", 1.5, 1.5),
        # Declared results that are not what the function returns.
        ("int32(int64)", 2**33 + 1, 1),
        ("int64(float64)", 2.7, 2),
        ("float64(int64)", 2, 2.0),
        ("complex128(float64)", 2.0, 2 + 0j),
        ("float32(float64)", 0.1, float(np.float32(0.1))),
        ("boolean(int64)", 2, True),
        ("uint64(int64)", -1, 2**64 - 1),
        ("optional(float64)(int64)", 2, 2.0),
        ("UniTuple(float64, 2)(UniTuple(int64, 2))", (1, 2), (1.0, 2.0)),
    ],
)
def test_numbers_are_converted(signature, argument, result):
    found = njit(signature)(identity)(argument)
    assert found == result and repr(found) == repr(result)


@pytest.mark.parametrize(
    ("signature", "argument", "error"),
    [
        ("float64(float64)", 1j, TypeError),
        ("float64(float64)", None, TypeError),
        ("float64(float64)", "a", TypeError),
        ("int64(int64)", 1.5, TypeError),
        ("uint8(uint8)", -1, OverflowError),
        ("int32(int32)", 2**63, OverflowError),
        ("float64[::1](float64[::1])", np.ones(6)[::2], TypeError),
        ("float64[:](float64[:])", np.ones(3, np.float32), TypeError),
        ("float64[:](float64[:])", np.ones((2, 2)), TypeError),
        ("float64[:](float64[:])", np.broadcast_to(1.0, (3,)), TypeError),
        ("float64[:](float64[:])", [1.0], TypeError),
    ],
)
def test_what_does_not_fit_is_refused(signature, argument, error):
    with pytest.raises(error):
        njit(signature)(identity)(argument)


def test_the_message_tells_what_there_is():
    both = njit(["float64(float64)", "int64(int64)"])(identity)
    with pytest.raises(TypeError, match=r"No matching definition of identity\(\).*\(complex\).*\(float\), \(int\)"):
        both(1j)
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        both(1, 2)


def test_the_nearest_of_several_signatures_is_called():
    both = njit(["float64(float64)", "int64(int64)"])(identity)
    assert both.signatures == [(float64,), (int64,)]
    for argument, type_ in ((1, int), (1.5, float), (np.int8(2), int), (np.float32(2), float)):
        assert type(both(argument)) is type_


def test_arrays_of_a_layout_stand_for_any_strides():
    strided = njit("float64(float64[:])")(lambda a: a[0])
    assert strided(np.ones(3)) == strided(np.ones(6)[::2]) == 1


@pytest.mark.parametrize("signature", ["void(int64)", "int64[:](int64)", "float64(complex128)"])
def test_results_that_cannot_be_converted(signature):
    with pytest.raises(numir.errors.TypingError, match="its signature says"):
        njit(signature)(identity)


def test_none_where_a_number_is_declared():
    declared = njit("float64(optional(float64))")(identity)
    assert declared(1.0) == 1.0
    with pytest.raises(TypeError, match="got None"):
        declared(None)


def test_signatures_that_do_not_fit_the_function():
    with pytest.raises(TypeError, match="2 types for a function of 1"):
        njit("int64(int64, int64)")(identity)


FACTOR = 1


def test_globals_are_frozen_until_the_function_is_compiled_again(monkeypatch):
    scaled = njit(lambda x: x * FACTOR)
    declared = njit("int64(int64)")(lambda x: x * FACTOR + 0.5)
    assert (scaled(1), declared(1)) == (1, 1)
    monkeypatch.setitem(globals(), "FACTOR", 5)
    assert (scaled(1), declared(1)) == (1, 1)
    scaled.recompile()
    declared.recompile()
    # The declared result is still converted.
    assert (scaled(1), declared(1)) == (5, 5)


def test_no_types_beyond_those_compiled():
    compiled = njit(identity)
    assert compiled(1) == 1
    compiled.disable_compile()
    with pytest.raises(TypeError, match="No matching definition"):
        compiled(1.5)
    compiled.disable_compile(False)
    assert compiled(1.5) == 1.5
    compiled.compile("complex128(complex128)")
    assert [str(types[0]) for types in compiled.signatures] == ["int64", "float64", "complex128"]
