"""Items of arrays one after the other (`a.flat`, `np.ndenumerate`, `np.ndindex`), shapes as functions, and what goes with them."""

import enum

import numir
import numpy as np
import pytest
from numir import njit, types

ARRAYS = [
    np.arange(12.0).reshape(3, 4),
    np.arange(12.0).reshape(3, 4).T[::-1],
    np.arange(24.0).reshape(2, 3, 4)[:, ::-2],
    np.arange(5.0)[::2],
    np.zeros((0, 3)),
    np.array(4.0),
]


@njit
def walked(a, out):
    weighted = 0.0
    for index, item in np.ndenumerate(a):
        out[index] = item + 1
        for part in index:
            weighted = 3 * weighted + part * item
    for count, item in enumerate(a.flat):
        weighted += count * item
    for left, right in zip(a.flat, out.flat, strict=False):
        weighted -= left * right
    return weighted


@njit
def counted(a):
    total = 0
    for index in np.ndindex(a.shape):
        total = 2 * total + len(index)
    for i, j in np.ndindex(2, 3):
        total += 10 * i + j
    return total


@pytest.mark.parametrize("a", ARRAYS, ids=lambda a: str(a.shape))
def test_all_items(a):
    got, expected = np.zeros(a.shape), np.zeros(a.shape)
    assert walked(a, got) == walked.py_func(a, expected)
    np.testing.assert_array_equal(got, expected)
    assert counted(a) == counted.py_func(a)


@pytest.mark.parametrize("a", ARRAYS, ids=lambda a: str(a.shape))
def test_shapes_as_functions(a):
    @njit
    def shapes(a):
        return np.ndim(a), np.shape(a), np.size(a), np.ndim(3), np.shape(2.5), np.size(1j), len(a.flat)

    assert shapes(a) == shapes.py_func(a)

    @njit
    def along(a):
        return np.size(a, 0), np.size(a, axis=-1)

    if a.ndim:
        assert along(a) == along.py_func(a)


def test_flat_is_indexed():
    @njit
    def changed(a, i):
        a.flat[i] += 5
        a.T.flat[-i] = a.flat[i] * 10
        return a, a.flat[i], a.T.flat[i]

    for a in (np.arange(12).reshape(3, 4), np.arange(24).reshape(4, 6)[::-2, ::3]):
        for i in range(1, a.size):
            for got, expected in zip(changed(a.copy(), i), changed.py_func(a.copy(), i), strict=True):
                np.testing.assert_array_equal(got, expected)
        with pytest.raises(IndexError, match="index 99 is out of bounds"):
            changed(a, 99)
    with pytest.raises(numir.errors.UnsupportedError, match=r"use a.ravel\(\)"):
        njit(lambda a: a.flat[1:])(np.zeros(3))


def test_flat_is_filled():
    @njit
    def filled(a):
        a.flat = 7
        return a

    a = np.arange(6).reshape(2, 3)[:, ::2]
    assert filled(a) is a and (a == 7).all()


def test_ndindex_of_what_are_no_extents():
    with pytest.raises(ValueError, match="negative dimensions are not allowed"):
        _count(-1)
    with pytest.raises(numir.errors.TypingError, match="extents of ndindex are integers, not float"):
        _count(1.5)


@njit
def _count(n):
    total = 0
    for _ in np.ndindex(n, 2):
        total += 1
    return total


def test_ldexp():
    @njit
    def scaled(x, i):
        return np.ldexp(x, i), np.ldexp(x, i).dtype

    for x in (
        1.5,
        -0.0,
        np.inf,
        3e-310,
        4.359607055276148e-151,
        np.float32(2.5),
        np.float16(3),
        np.int8(3),
        np.int16(4),
    ):
        for i in (3, -4, 0, -574, 2000, -2000, np.int32(2), np.int8(-1)):
            got, dtype = scaled(x, i)
            with np.errstate(all="ignore"):
                expected = np.ldexp(x, i)
            assert (got, dtype) == (expected, expected.dtype), (x, i)


class Place(enum.IntEnum):
    FIRST = 0
    SECOND = 1
    LAST = -1


def test_enumerations_as_indices():
    @njit((types.int32[::1], types.IntEnumMember(Place, types.intp)))
    def item(a, place):
        return a[place], a[Place.SECOND]

    a = np.arange(10, dtype="i4")
    for place in Place:
        assert item(a, place) == (a[place], a[1])


def test_ints_beyond_64_bits():
    @njit("complex128(complex128)")
    def half(z):
        return z / 2

    assert half(-(10**40)) == complex(-(10**40)) / 2
    with pytest.raises(OverflowError, match="Python int too large"):
        njit(lambda x: x)(10**40)
    with pytest.raises(OverflowError, match="Python int too large"):
        njit(lambda x: x)((1, (2**64,)))
    with pytest.raises(OverflowError):
        njit("int64(int64)")(lambda x: x)(2**64)
    # As CPython and NumPy have it, no float is that large.
    with pytest.raises(OverflowError):
        half(10**400)


def test_literally():
    @njit
    def literal(x):
        return numir.literally(x)

    for x in (slice(1, 4, 2), None, (1, 2.5), 3):
        assert literal(x) == x


def test_dtypes_in_the_library():
    @njit
    def made(a):
        return np.arange(3, dtype=a.dtype), np.linspace(0, 1, 3, dtype=a.dtype), sum(a)

    for dtype in ("f4", "i2", "u1"):
        got, expected = made(np.ones(3, dtype)), made.py_func(np.ones(3, dtype))
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_array_equal(one, other)
            assert np.isscalar(one) or one.dtype == other.dtype
    with pytest.raises(numir.errors.TypingError, match=r"dtype\(float32\) is not callable"):
        njit(lambda a: a.dtype(1))(np.ones(2, "f4"))


def test_more_axes_than_there_are():
    @njit
    def assigned(a, b):
        a[:] = b
        return a

    for into, given in [((5,), (1, 5)), ((2, 3), (1, 1, 2, 3)), ((2, 3), (1, 3))]:
        b = np.arange(np.prod(given)).reshape(given)
        np.testing.assert_array_equal(assigned(np.zeros(into), b), assigned.py_func(np.zeros(into), b))
    for into, given in [((5,), (2, 5)), ((1, 5), (1, 2, 5)), ((2, 5), (4,)), ((3,), (2, 1, 3))]:
        with pytest.raises(ValueError) as expected:
            assigned.py_func(np.zeros(into), np.zeros(given))
        with pytest.raises(ValueError) as raised:
            assigned(np.zeros(into), np.zeros(given))
        assert str(raised.value) == str(expected.value)


def test_parts_as_functions():
    @njit
    def parts(z):
        return np.real(z), np.imag(z)

    for z in (1 + 2j, 2.5, np.arange(3) * (1 + 2j), np.arange(3)):
        for got, expected in zip(parts(z), parts.py_func(z), strict=True):
            np.testing.assert_array_equal(got, expected)
