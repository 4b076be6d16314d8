"""Exceptions of compiled code and of compiling: class, message, traceback; and what compiled code prints."""

import contextlib
import io
import sys
import traceback

import numir
import numpy as np
import pytest
from numir import njit, prange


@njit
def inner(x):
    if x > 2:
        raise ValueError("too large")  # inner raises
    return x


@njit
def outer(x):
    return inner(x) + 1  # outer calls


def frames(error):
    """Function and source line of a traceback's entries in this file."""
    return [
        (frame.name, frame.line) for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__
    ]


def caught(call, *arguments):
    with pytest.raises(BaseException) as info:
        call(*arguments)
    return info.value


def test_the_traceback_goes_through_compiled_functions():
    error = caught(outer, 3)
    assert type(error) is ValueError and error.args == ("too large",)
    assert [name for name, _ in frames(error)][-2:] == ["outer", "inner"]
    assert [line.split("# ")[-1] for _, line in frames(error)][-2:] == ["outer calls", "inner raises"]


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (lambda x: 1 // x, 0),
        (lambda x: 1.0 / x, 0.0),
        (lambda a: a[5], np.zeros(3)),
        (lambda a: a[-4], np.zeros(3)),
    ],
)
def test_pythons_own_exceptions(function, argument):
    expected, error = caught(function, argument), caught(njit(function), argument)
    assert type(error) is type(expected)
    # CPython 3.14 says the same of all divisions: docs/differences.md.
    assert str(error) == str(expected) or sys.version_info >= (3, 14) and str(expected) == "division by zero"
    assert frames(error)[-1] == frames(expected)[-1]


def test_functions_of_the_library_are_left_out():
    import math

    error = caught(njit(lambda x: math.log(x)), -1.0)
    assert type(error) is ValueError
    assert frames(error)[-1][0] == "<lambda>"
    assert all("<library>" not in frame.filename for frame in traceback.extract_tb(error.__traceback__))


def test_an_exception_while_another_is_handled():
    try:
        try:
            raise KeyError("first")
        except KeyError:
            outer(3)
    except ValueError as error:
        assert isinstance(error.__context__, KeyError) and error.__cause__ is None


def test_a_parallel_loop_raises_the_first_exception():
    @njit
    def search(n):
        total = 0
        for i in prange(n):
            if i >= 50:
                raise ValueError("from 50 on")
            total += i
        return total

    error = caught(search, 1000)
    assert str(error) == "from 50 on" and frames(error)[-1][0] == "search"
    assert search(50) == sum(range(50))


def test_errors_of_compiling_show_the_users_line():
    @njit
    def broken(x):
        y = x + 1
        return y.nothing

    error = caught(broken, 1)
    assert isinstance(error, numir.errors.TypingError) and isinstance(error, TypeError)
    headline, *rest = str(error).splitlines()
    assert "nothing" in headline and "TypingError" not in str(error)
    assert any("return y.nothing" in line for line in rest) and any("^^^" in line for line in rest)
    assert len(rest) < 30
    assert frames(error)[-1] == ("broken", "return y.nothing")
    shown = "".join(traceback.format_exception_only(type(error), error))
    assert shown.count("TypingError") == 1


@pytest.mark.parametrize("value", [tuple(range(1000)), ((1, 2.5, "x") * 200,)], ids=["flat", "nested"])
def test_long_types_are_shortened(value):
    with pytest.raises(numir.errors.TypingError) as info:
        njit(lambda t: t + 1)(value)
    assert len(str(info.value).splitlines()[0]) < 300 and " … " in str(info.value)


def test_a_name_that_is_not_there():
    error = caught(njit(lambda x: nowhere + x), 1)  # noqa: F821
    assert isinstance(error, NameError) and isinstance(error, numir.errors.NumbaError)
    assert str(error).startswith("name 'nowhere' is not defined")


def test_what_is_not_compiled():
    @njit
    def generator(x):
        yield x

    error = caught(generator, 1)
    assert isinstance(error, numir.errors.UnsupportedError)
    assert frames(error)[-1][0] == "generator"


@njit
def count(n):
    for i in range(n):
        print("line", i)
    return n


@njit
def count_at_once(n):
    for i in prange(n):
        print("line", i)
    return n


def test_printing_is_in_order_with_python(capsys):
    print("before")
    count(2)
    print("after")
    assert capsys.readouterr().out == "before\nline 0\nline 1\nafter\n"
    with contextlib.redirect_stdout(io.StringIO()) as text:
        count(1)
    assert text.getvalue() == "line 0\n"


def test_parallel_loops_print_whole_lines(capsys):
    count_at_once(100)
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(f"line {i}" for i in range(100))


def test_printing_to_nowhere(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert count(2) == 2


@pytest.mark.parametrize("function", [count, count_at_once])
def test_printing_that_fails_raises(monkeypatch, function):
    class Full:
        def write(self, text):
            raise OSError("no space")

        def flush(self):
            pass

    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Full())
        with pytest.raises(OSError, match="no space"):
            function(3)
    assert function(0) == 0
