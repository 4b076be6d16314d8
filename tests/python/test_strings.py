"""Strings that are constants, and those made of constants and numbers."""

import numpy as np
import pytest
from numir import njit
from numir.errors import TypingError, UnsupportedError

FLOATS = ["1.5", " -2e3 ", "inf", "-INF", "Infinity", "+.5", "1_000.5_0", "0x10", "", "1e", "1__0", "_1", "é"]
INTS = ["12", " -7 ", "+1_000", "0x1f", "", "1.5", "1__0", "_1", "1_"]
BASED = [
    ("1f", 16),
    ("0x1f", 16),
    ("0b11", 0),
    ("0o17", 0),
    ("010", 0),
    ("00", 0),
    ("0b11", 2),
    ("0b11", 16),
    ("zz", 36),
    ("9", 8),
    ("1", 1),
]


def outcome(function, *arguments):
    try:
        result = function(*arguments)
    except ValueError as error:
        return str(error)
    return type(result), result


@pytest.mark.parametrize("text", FLOATS)
def test_float_of_a_constant(text):
    def function():
        return float(text)

    assert outcome(njit(function)) == outcome(function)
    assert str(njit(lambda: (float("nan"), np.float32("1.1")))()) == "(nan, 1.100000023841858)"


@pytest.mark.parametrize("text", INTS)
def test_int_of_a_constant(text):
    def function():
        return int(text)

    assert outcome(njit(function)) == outcome(function)


@pytest.mark.parametrize("text, base", BASED)
def test_int_of_a_constant_with_a_base(text, base):
    def function():
        return int(text, base)

    assert outcome(njit(function)) == outcome(function)


@pytest.mark.parametrize("value", [0, -5, 255, 2**62, -(2**63)])
def test_digits_of_constants(value):
    def function():
        return hex(value), oct(value), bin(value)

    assert njit(function)() == function()


@pytest.mark.parametrize("value", [3, -(2**63), 2.5, 1e300, float("nan"), 1 - 2j, True, "text", None])
def test_str(value):
    def function(x):
        return str(x), f"<{x}>", "a" + str(x) + "b"

    def constant():
        return str(value), f"<{value}>"

    assert njit(function)(value) == function(value)
    assert njit(constant)() == constant()


@pytest.mark.parametrize("dtype", ["int8", "uint64", "float16", "float32", "float64", "complex64", "bool"])
def test_str_of_numpys_scalars(dtype):
    def function(a):
        return str(a[0]), f"{a[1]} and {a[0]}"

    array = np.array([1.1, 0]).astype(dtype)
    assert njit(function)(array) == function(array)


def test_strings_pass_through_calls_and_branches(capfd):
    @njit
    def name(n):
        return f"number {n}"

    @njit
    def function(n):
        text = name(n) if n > 0 else name(-n)
        print(text, name(1))
        if n > 5:
            raise ValueError("not " + text)
        return text

    assert function(-3) == "number 3"
    assert capfd.readouterr().out == "number 3 number 1\n"
    with pytest.raises(ValueError, match="^not number 7$"):
        function(7)


@pytest.mark.parametrize(
    "function",
    [lambda x: str(x) == "3", lambda x: len(str(x)), lambda x: hex(x), lambda x: str(x)[0], lambda x: (str((x, x)),)],
)
def test_what_needs_strings_at_run_time_is_refused(function):
    with pytest.raises((UnsupportedError, TypeError)):
        njit(function)(3)


@pytest.mark.parametrize("name", ["locals", "globals", "eval", "open", "input"])
def test_built_ins_that_need_an_interpreter_say_so(name):
    namespace = {"locals": locals, "globals": globals, "eval": eval, "open": open, "input": input}
    function = namespace[name]
    with pytest.raises(TypingError, match=f"`{name}` cannot be compiled: compiled code"):
        njit(lambda: function())()
