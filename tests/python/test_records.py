"""Records in compiled code: their fields are read and written where they lie."""

import numir
import numpy as np
import pytest
from numir.errors import UnsupportedError

FIELDS = [("a", "f8"), ("b", "i4"), ("c", "c16"), ("d", "?"), ("e", "u2"), ("f", "f4")]
PACKED = np.dtype(FIELDS)
ALIGNED = np.dtype(FIELDS, align=True)


def made(dtype, shape=5):
    """Records with different values in all fields."""
    records = np.zeros(shape, dtype)
    count = records.size
    for place, name in enumerate(dtype.names):
        records[name] = (np.arange(count).reshape(records.shape) * 3 + place) % 7
    return records


def both(function, *arguments):
    """What compiled code gives and leaves behind is what CPython does."""
    left = [one.copy() if isinstance(one, np.ndarray) else one for one in arguments]
    expected = function(*left)
    right = [one.copy() if isinstance(one, np.ndarray) else one for one in arguments]
    result = numir.njit(function)(*right)
    np.testing.assert_equal(result, expected)
    for one, other in zip(left, right, strict=True):
        np.testing.assert_equal(one, other)


@pytest.mark.parametrize("dtype", [PACKED, ALIGNED], ids=["packed", "aligned"])
def test_fields_are_read(dtype):
    def read(a, i):
        return a[i].a, a[i]["b"], a[i].c, a[i].d, a[i]["e"], a[i].f

    a = made(dtype).view(np.recarray)
    for i in (0, 3, -1):
        assert numir.njit(read)(a, i) == read(a, i)
        assert numir.njit(read)(a[::2], 1) == read(a[::2], 1)
        assert numir.njit(read)(a[::-1], i) == read(a[::-1], i)


@pytest.mark.parametrize("dtype", [PACKED, ALIGNED], ids=["packed", "aligned"])
def test_fields_are_written(dtype):
    def write(a):
        for i in range(len(a)):
            a[i]["a"] = a[i]["a"] * 2 + i
            a[i]["b"] += 3
            a[i]["c"] = a[i]["a"] + 1j
            a[i]["d"] = not a[i]["d"]
            a[i]["e"] = a[i]["b"]
            a[i]["f"] = 0.5

    both(write, made(dtype))


def test_attributes_are_written():
    def write(a, x):
        a[1].a = x
        r = a[2]
        r.b = 5
        r.a += a[1].a
        return r.a + a[2].b

    a, b = (made(PACKED).view(np.recarray) for _ in range(2))
    assert numir.njit(write)(a, 2.5) == write(b, 2.5)
    np.testing.assert_equal(a, b)


def test_loops_calls_and_dimensions():
    @numir.njit
    def half(r):
        return r["a"] / 2

    @numir.njit
    def total(row):
        s = 0.0
        for r in row:
            s += half(r) + r["b"]
        return s

    def run(a):
        return total(a[1]), a[1, 2]["a"], half(a[0, 1]), a.shape, a.size, a.ndim, a.itemsize, len(a)

    for a in (made(ALIGNED, (2, 3)), np.asfortranarray(made(PACKED, (2, 3)))):
        summed = sum(r["a"] / 2 + r["b"] for r in a[1])
        expected = (summed, a[1, 2]["a"], a[0, 1]["a"] / 2, (2, 3), 6, 2, a.itemsize, 2)
        assert numir.njit(run)(a) == expected


def test_bounds_are_checked():
    with pytest.raises(IndexError, match="out of bounds"):
        numir.njit(lambda a: a[5]["a"])(made(PACKED))


def test_unknown_fields_and_read_only_records():
    a = made(PACKED)
    with pytest.raises(numir.errors.TypingError, match="no field 'x': its fields are a, b, c, d, e, f"):
        numir.njit(lambda a: a[0].x)(a)

    @numir.njit
    def write(a):
        a[0].a = 1.0

    a.flags.writeable = False
    with pytest.raises(numir.errors.TypingError, match="readonly"):
        write(a)
    assert numir.njit(lambda a: a[1].a)(a) == a[1]["a"]


def test_other_dtypes_are_refused():
    with pytest.raises(TypeError, match="cannot be passed"):
        numir.njit(lambda a: a[0].x)(np.zeros(2, [("x", "S3")]))
    with pytest.raises(TypeError, match="cannot be passed"):
        numir.njit(lambda a: a[0].x)(np.zeros(2, [("x", ">i4")]))


def test_the_identity_of_records_is_refused():
    with pytest.raises(UnsupportedError, match="compare their fields"):
        numir.njit(lambda a: a is a)(np.zeros(2, [("x", "f8"), ("n", "i4")]))
