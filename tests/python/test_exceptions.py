"""Exceptions with arguments of every kind, of Python's and the program's own classes."""

import math
import subprocess
import sys

import pytest
from numir import njit


class ShapeError(ValueError):
    """One of the program's own, with arguments of its own."""

    def __init__(self, rows, columns=0):
        super().__init__(rows, columns)
        self.rows = rows


class Plain(Exception):
    pass


def raised(function, *arguments):
    """What a function raises, compiled and in Python: class and arguments must be equal."""
    caught = []
    for called in (njit(function), function):
        with pytest.raises(BaseException) as info:
            called(*arguments)
        caught.append(info.value)
    compiled, python = caught
    assert type(compiled) is type(python)
    assert compiled.args == python.args or str(compiled.args) == str(python.args)
    assert [type(argument) for argument in compiled.args] == [type(argument) for argument in python.args]
    assert str(compiled) == str(python)
    return compiled


def nothing(x):
    raise ValueError


def empty(x):
    raise ValueError()


def one_number(x):
    raise ValueError(x)


def one_constant(x):
    raise KeyError(7)


def several(x):
    raise ValueError("it's", x, 2.5, None, True, (1, (x,)), 'a "quoted" {brace}\n\\')


def formatted(x):
    raise RuntimeError(f"x is {x}: {{}}", x)


def formatted_alone(x):
    raise RuntimeError(f"x's value is {x}")


def braces(x):
    raise RuntimeError("{x}")


def one_tuple(x):
    raise IndexError((x, 1))


def own_class(x):
    raise Plain


def own_text(x):
    raise Plain("a message")


def stop(x):
    raise StopIteration(x)


@pytest.mark.parametrize(
    "function",
    [nothing, empty, one_number, one_constant, several, formatted, formatted_alone, braces, one_tuple, own_class]
    + [own_text, stop],
    ids=lambda function: function.__name__,
)
def test_class_and_arguments(function):
    raised(function, 3)


@pytest.mark.parametrize("value", [0.1, -0.0, 1e300, math.inf, -math.inf, math.nan, True, 1 + 2j, -(2**63)], ids=str)
def test_values(value):
    raised(one_number, value)
    raised(several, value)


def test_a_class_of_the_program_makes_its_own_instance():
    error = raised(own, 4)
    assert error.rows == 4


def own(x):
    raise ShapeError(x, 2 * x)


def test_a_constructor_that_refuses_is_the_error():
    class Strict(Exception):
        def __init__(self):
            super().__init__("strict")

    def f(x):
        raise Strict(x)

    with pytest.raises(TypeError):
        njit(f)(1)


def test_a_class_in_a_closure_and_in_a_callee():
    class Inner(Plain):
        pass

    def check(x):
        if x < 0:
            raise Inner("negative", x)
        return x

    checked = njit(check)

    @njit
    def f(x):
        return checked(x) + 1

    assert f(1) == 2
    with pytest.raises(Inner) as info:
        f(-1)
    assert info.value.args == ("negative", -1)


@pytest.mark.parametrize(("option", "result"), [("-B", "-1 raised, True"), ("-O", "-1 passed, False")])
def test_assertions_are_those_of_the_interpreter(tmp_path, option, result):
    file = tmp_path / "program.py"
    file.write_text(
        "from numir import njit\n\n"
        "@njit(cache=True)\ndef f(x):\n    assert x > 0\n    return __debug__\n\n"
        "try:\n    f(-1)\n    said = '-1 passed'\nexcept AssertionError:\n    said = '-1 raised'\n"
        "print(f'{said}, {f(1)}')\n"
    )
    # What one of both has kept on disk is not the other's.
    for chosen, expected in (("-B", "-1 raised, True"), (option, result)):
        done = subprocess.run([sys.executable, chosen, file], capture_output=True, text=True, check=True)
        assert done.stdout == f"{expected}\n"


def test_the_message_of_assert():
    @njit
    def f(x):
        assert x != x, (x, "no")

    with pytest.raises(AssertionError) as info:
        f(3)
    assert info.value.args == ((3, "no"),)
