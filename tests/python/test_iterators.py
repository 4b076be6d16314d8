"""Iterators given to compiled functions: each kind, over each type, is compiled for itself."""

import numir
import numpy as np
import pytest
from numir import njit


def summed(iterator):
    total = 0.0
    for pair in iterator:
        total += pair[0] + 2 * pair[1]
    return total


def test_kinds_of_iterators():
    inner = njit(summed)

    @njit
    def outer(a, b):
        return (
            inner(enumerate(a)),
            inner(zip(a, b)),
            inner(zip(b, a)),
            inner(enumerate(a, 5)),
            inner(enumerate(a, len(b))),
            inner(zip(reversed(a), b)),
        )

    def plain(a, b):
        return (
            summed(enumerate(a)),
            summed(zip(a, b)),
            summed(zip(b, a)),
            summed(enumerate(a, 5)),
            summed(enumerate(a, len(b))),
            summed(zip(reversed(a), b)),
        )

    a, b = np.arange(3.0), np.arange(4) * 3
    assert outer(a, b) == plain(a, b)


def test_methods_and_exceptions_with_other_receivers():
    def called(method):
        return method()

    inner = njit(called)

    @njit
    def outer(a, b):
        return inner(a.sum), inner(b.sum), inner(a.max)

    assert outer(np.arange(3.0), np.arange(4)) == (3.0, 6, 2.0)

    @njit
    def raises(error):
        raise error

    @njit
    def either(n):
        if n > 0:
            raises(ValueError("text", n))
        raises(ValueError(n, 2.5))

    for n, arguments in ((1, ("text", 1)), (-1, (-1, 2.5))):
        try:
            either(n)
        except ValueError as error:
            assert error.args == arguments


def test_literal_unroll():
    @njit
    def total(items):
        result = 0.0
        for item in numir.literal_unroll(items):
            result += item
        return result

    assert total((1, 2.5, np.float32(3))) == 6.5
    with pytest.raises(numir.TypingError, match="literal_unroll takes a tuple"):
        total(np.ones(2))
