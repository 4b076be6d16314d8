"""Implementations that a program gives compiled code: functions, methods and attributes, chosen by the arguments' types."""

import numpy as np
import pytest
from numir import njit, types
from numir.errors import TypingError
from numir.extending import overload, overload_attribute, overload_method, register_jitable


def clamp(x, low=0, high=1):
    """Python's own, which is not compiled: the overloads below are."""
    raise AssertionError("called in Python")


@overload(clamp)
def clamp_numbers(x, low=0, high=1):
    if not isinstance(x, types.Number):
        return None
    if isinstance(x, types.Integer):
        return lambda x, low=0, high=1: -1

    def implementation(x, low=0, high=1):
        return min(max(x, low), high)

    return implementation


@overload(clamp)
def clamp_arrays(x, low=0, high=1):
    if not isinstance(x, types.Array):
        return None

    def implementation(x, low=0, high=1):
        out = np.empty_like(x)
        for i in range(x.size):
            out[i] = clamp(x[i], low, high)
        return out

    return implementation


@njit
def clamped(x):
    return clamp(x, high=2)


def test_the_types_choose():
    assert clamped(7.5) == 2.0
    assert clamped(7) == -1
    np.testing.assert_array_equal(clamped(np.array([-1.0, 0.5, 9.0])), [0.0, 0.5, 2.0])


def test_what_has_none_is_an_error_at_the_call():
    with pytest.raises(TypingError, match=r"`clamp` has no implementation for \(None, high: int\)"):
        clamped(None)


def test_the_latest_decides():
    def f(x):
        return 0

    @overload(f)
    def first(x):
        return lambda x: 1

    @overload(f)
    def second(x):
        return (lambda x: 2) if isinstance(x, types.Float) else None

    compiled = njit(lambda x: f(x))
    assert compiled(1) == 1
    assert compiled(1.0) == 2


def test_the_types_of_strings_are_those_of_constants_on_demand():
    def mode(name):
        return None

    @overload(mode, prefer_literal=True)
    def choose(name):
        if isinstance(name, types.StringLiteral):
            number = len(name.literal_value)
            return lambda name: number
        return None

    assert njit(lambda: mode("wrap"))() == 4


def test_a_refusal_is_shown():
    def strict(x):
        return x

    @overload(strict)
    def choose(x):
        raise TypingError("strict() takes integers alone")

    with pytest.raises(TypingError, match=r"strict\(\) takes integers alone(.|\n)*strict\(x\)"):
        njit(lambda x: strict(x))(1.0)


def test_other_parameters_are_refused():
    def f(x):
        return x

    @overload(f)
    def choose(x):
        return lambda y: y

    with pytest.raises(TypingError, match=r"has the parameters \(y\), not \(x\)"):
        njit(lambda x: f(x))(1.0)


def test_an_error_of_the_chooser_itself_arrives():
    def f(x):
        return x

    @overload(f)
    def choose(x):
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        njit(lambda x: f(x))(1.0)


@overload_method(types.Array, "second")
def array_second(arr, otherwise=0):
    if arr.ndim != 1:
        return None

    def implementation(arr, otherwise=0):
        return arr[1] if arr.size > 1 else otherwise

    return implementation


@overload_attribute(types.Array, "middle")
def array_middle(arr):
    return lambda arr: arr[arr.size // 2]


@overload_method(types.Float, "halved")
def float_halved(x):
    return lambda x: x / 2


def test_methods_and_attributes():
    @njit
    def f(a):
        return a.second(otherwise=-1), a.second(), a.middle, a.middle.halved()

    assert f(np.arange(5.0)) == (1.0, 1.0, 2.0, 1.0)
    assert f(np.arange(1.0)) == (-1, 0, 0.0, 0.0)


def test_a_method_that_does_not_fit():
    with pytest.raises(TypingError, match="`second` has no implementation"):
        njit(lambda a: a.second())(np.zeros((2, 2)))
    with pytest.raises(TypingError, match="has no attribute 'third'"):
        njit(lambda a: a.third())(np.zeros(2))


def test_functions_of_modules():
    @overload(np.heaviside)
    def heaviside(x1, x2):
        return lambda x1, x2: 0.0 if x1 < 0 else (x2 if x1 == 0 else 1.0)

    @njit
    def f(x):
        return np.heaviside(x, 0.5)

    assert [f(x) for x in (-1.0, 0.0, 3.0)] == [0.0, 0.5, 1.0]


def test_helpers_inside():
    @register_jitable
    def helper(x):
        return x + 1

    def f(x):
        return None

    @overload(f)
    def choose(x):
        offset = 10

        def implementation(x):
            return helper(x) + offset

        return implementation

    assert njit(lambda x: f(x) + f(x))(1) == 24


@pytest.mark.parametrize("thing", [3, None, "sum"])
def test_what_is_no_function_is_refused(thing):
    with pytest.raises(TypeError):
        overload(thing)
    with pytest.raises(TypeError):
        overload_method(thing, "name")
