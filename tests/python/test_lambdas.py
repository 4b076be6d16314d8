"""Which of the lambdas on a line a function is."""

import sys

import numpy as np
import pytest
from numir import _source, njit

FOUND = []


def note(*functions):
    FOUND.extend(functions)
    return functions[0]


# fmt: off
def nested(n):
    return note(lambda a: np.array(a) + n, lambda a: np.array(a) - n, (lambda: note(lambda a: a * n))())


def several(n):
    return note(
        lambda a: a + n if n > 1 else a - n, lambda a: a + n
        if n > 2 else a, lambda: 1, lambda: (1), lambda: "é" if n else 2, lambda: ("é", n)
    )
# fmt: on


@pytest.mark.parametrize("made", [nested, several])
@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 does not tell columns")
def test_each_is_itself(made):
    FOUND.clear()
    made(2)
    for function in FOUND:
        arguments = (3,) if function.__code__.co_argcount else ()
        assert njit(function)(*arguments) == function(*arguments)


def test_without_columns():
    FOUND.clear()
    nested(2)
    code = FOUND[0].__code__
    assert _source._extent(type("Code", (), {"co_code": code.co_code}), 0) is None
