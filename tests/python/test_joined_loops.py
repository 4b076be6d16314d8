"""Whole-array operations over one array become one pass over memory; their results stay the same to the bit."""

import numir
import numpy as np
import pytest
from numir import _remarks

DATA = np.random.default_rng(11)
SIZES = [0, 1, 127, 128, 129, 4095, 4096, 4097, 12_800, 100_003, 600_001]


def same(left, right):
    if isinstance(left, tuple):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            same(one, other)
        return
    left, right = np.asarray(left), np.asarray(right)
    assert left.dtype == right.dtype and left.shape == right.shape
    assert left.tobytes() == right.tobytes()


def joined(function, *arguments):
    """How many operations are done along with another one."""
    dispatcher = numir.njit(function)
    dispatcher(*arguments)
    (types,) = dispatcher.signatures
    remarks = _remarks.read(function, dispatcher.inspect("remarks", types))
    return sum("one pass over memory" in remark.text for remark in remarks)


def check(function, one_by_one, *arguments):
    """`one_by_one` are functions of a single result each, which nothing is joined with."""
    expected = tuple(numir.njit(single)(*arguments) for single in one_by_one)
    for parallel in (False, True):
        same(numir.njit(parallel=parallel)(function)(*arguments), expected)


def total(a):
    return np.sum(a)


def squares(a):
    return np.sum(a * a)


def exponentials(a):
    return np.exp(a)


def of_exponentials(a):
    return np.sum(np.exp(a))


def least(a):
    return np.min(a)


def greatest(a):
    return np.max(a * 2)


def positive(a):
    return np.sum(a > 0)


def product(a):
    return np.prod(a)


def all_at_once(a):
    e = np.exp(a)
    total = np.sum(a)
    squares = np.sum(a * a)
    of_exponentials = np.sum(e)
    low = np.min(a)
    high = np.max(a * 2)
    positive = np.sum(a > 0)
    product = np.prod(a)
    return total, squares, e, of_exponentials, low, high, positive, product


SINGLE = [total, squares, exponentials, of_exponentials, least, greatest, positive, product]


@pytest.mark.parametrize("items", SIZES[1:])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_results(items, dtype):
    check(all_at_once, SINGLE, DATA.standard_normal(items).astype(dtype))


def test_it_is_done():
    assert joined(all_at_once, np.ones(3)) == 7


@pytest.mark.parametrize("dtype", ["i1", "u2", "i8", "f2", "?"])
def test_other_items(dtype):
    def several(a):
        return np.sum(a), np.min(a), np.max(a), np.sum(a > 0)

    def largest(a):
        return np.max(a)

    check(several, [total, least, largest, positive], (DATA.standard_normal(100_003) * 3).astype(dtype))


LAYOUTS = {
    "C": lambda a: a.reshape(300, 400),
    "F": lambda a: a.reshape(400, 300).T,
    "strided": lambda a: a[::2],
    "reversed": lambda a: a[::-1],
    "rows": lambda a: a.reshape(300, 400)[::2],
    "deep": lambda a: a.reshape(30, 40, 100),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    check(all_at_once, SINGLE, LAYOUTS[layout](DATA.standard_normal(120_000)))


@pytest.mark.parametrize("items", [1, 5, 4096, 4099, 300_000])
def test_softmax_and_normalisation(items):
    def softmax(x):
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    def normalised(x):
        return (x - x.mean()) / x.std()

    x = DATA.standard_normal(items) + 0.5
    for function in (softmax, normalised):
        if items > 1 or function is softmax:
            same(numir.njit(parallel=True)(function)(x), numir.njit(function)(x))
            np.testing.assert_allclose(numir.njit(function)(x), function(x), rtol=1e-12, atol=1e-12)
    assert joined(softmax, x) == 1


def test_without_items():
    def sums(a):
        return np.sum(a), np.sum(a * a), np.prod(a), np.any(a > 1)

    def orders(a):
        return np.sum(a), np.min(a), np.max(a)

    check(sums, [total, squares, product, lambda a: np.any(a > 1)], np.empty(0))
    with pytest.raises(ValueError, match="zero-size array to reduction operation minimum which has no identity"):
        numir.njit(orders)(np.empty(0))


def test_what_is_written_in_between():
    def f(a):
        first = np.sum(a)
        a[0] = 1000.0
        return first, np.sum(a)

    def g(a):
        e = np.exp(a)
        e[1] = -1.0
        return np.sum(e), e

    for function in (f, g):
        expected = function(np.arange(5.0))
        same(numir.njit(function)(np.arange(5.0)), expected)
        assert joined(function, np.arange(5.0)) == 0


def test_errors_come_when_they_did(capfd):
    """What would raise is not moved before what can be noticed."""

    @numir.njit
    def f(a):
        total = np.sum(a)
        print("noticed", total)
        return total + np.max(a)

    with pytest.raises(ValueError, match="maximum"):
        f(np.empty(0))
    assert capfd.readouterr().out == "noticed 0.0\n"


def test_the_first_error_stays_the_first():
    def f(a, b, c):
        total = np.sum(a)
        mixed = b + c
        return total + np.max(a), mixed

    with pytest.raises(ValueError, match="broadcast"):
        numir.njit(f)(np.empty(0), np.ones(2), np.ones(3))


def test_branches_and_loops():
    def f(a, rounds):
        found = 0.0
        for _ in range(rounds):
            low, high = np.min(a), np.max(a)
            if high - low > 1.0:
                found += np.sum(a) + np.sum(a * a) + low
            a = a * 0.5
        return found

    a = DATA.standard_normal(10_000)
    np.testing.assert_allclose(numir.njit(f)(a, 5), f(a, 5), rtol=1e-12)
    same(numir.njit(f)(a, 5), numir.njit(parallel=True)(f)(a, 5))


def test_what_is_made_lives_long_enough():
    """Arrays that only joined operations use are released after all of them."""

    def f(a):
        b = np.sqrt(np.abs(a)) + np.sin(a)
        e = np.exp(b)
        return np.sum(b), np.sum(e), np.max(e), np.sum(np.sqrt(e))

    a = DATA.standard_normal(50_000)
    for _ in range(3):
        np.testing.assert_allclose(numir.njit(f)(a), f(a), rtol=1e-12)
