"""Fields of many records, fields that are arrays or records, records by themselves: as arguments, results and global names."""

import numir
import numpy as np
import pytest
from numir.errors import TypingError, UnsupportedError

FIELDS = [("x", "f8"), ("n", "i4")]
PACKED = np.dtype(FIELDS)
ALIGNED = np.dtype(FIELDS, align=True)
OTHER = np.dtype([("x", "f8"), ("m", "i4")])
NESTED = np.dtype([("a", "i4"), ("m", "f4", (2, 3)), ("p", [("x", "f8"), ("q", "i2", 3)])])
ODD = np.dtype([("t", "i1"), ("m", "f4", (2, 3)), ("p", [("c", "c16"), ("q", "i2", 3)], 2)])

BOTH = pytest.mark.parametrize("dtype", [PACKED, ALIGNED], ids=["packed", "aligned"])
ARRAYS = pytest.mark.parametrize("dtype", [NESTED, ODD], ids=["nested", "odd"])

records = np.array([(0.5, 1), (1.5, 2), (2.5, 3)], PACKED)
array_of_records = np.rec.array(records)
one = records[1]
mixed = (2, "n", records)


def made(dtype, shape=5):
    """Records whose bytes are small numbers, all fields with values."""
    count = int(np.prod(shape)) * dtype.itemsize
    return (np.arange(count) % 61).astype(np.uint8).view(dtype).reshape(shape)


def both(function, *arguments):
    """What compiled code gives and leaves behind is what CPython does."""
    left = [one.copy() for one in arguments]
    expected = function(*left)
    right = [one.copy() for one in arguments]
    np.testing.assert_equal(numir.njit(function)(*right), expected)
    for one, other in zip(left, right, strict=True):
        np.testing.assert_equal(one, other)


@BOTH
def test_a_field_of_all_records(dtype):
    def read(a):
        x = a["x"]
        total = 0.0
        for value in x:
            total += value
        return total, x[1], x[-1], x[1:3][0], x.shape, x.strides, x.ndim, x.size, x.itemsize, x.nbytes, len(x)

    for a in (made(dtype), made(dtype)[::2], made(dtype)[::-1]):
        both(read, a)
        assert numir.njit(read)(a) == read(a)


@BOTH
def test_a_field_of_all_records_is_a_view(dtype):
    def write(a):
        x = a["x"]
        for i in range(len(x)):
            x[i] = i + a["n"][i]
        a["n"][2] = 7
        a["n"][3:] = 5
        a["x"] = a["x"] * 2 + 1
        a["n"] += 3
        return x[0], (a["x"] + a["n"]).sum(), (a["x"] > 3).sum()

    both(write, made(dtype))
    both(write, made(dtype)[::-1])


@BOTH
def test_fields_of_two_axes_and_calls(dtype):
    @numir.njit
    def double(x):
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                x[i, j] *= 2

    @numir.njit
    def run(a):
        double(a["x"])
        double(a["x"][1:])
        double(a[:, ::2]["n"])
        return a["x"].copy().sum()

    a, b = made(dtype, (3, 4)), made(dtype, (3, 4))
    b["x"] *= 2
    b["x"][1:] *= 2
    b["n"][:, ::2] *= 2
    np.testing.assert_allclose(run(a), b["x"].sum())
    np.testing.assert_equal(a, b)


@BOTH
def test_fields_as_results(dtype):
    a = made(dtype)
    x = numir.njit(lambda a: a["x"])(a)
    np.testing.assert_equal(x, a["x"])
    x[1] = 42
    assert a[1]["x"] == 42


@BOTH
def test_fields_in_the_functions_of_numpy(dtype):
    def run(a):
        a["x"] += a["x"][::-1]
        a["n"] *= 2
        a["n"] += a["n"] > 2
        x, n = a["x"], a["n"]
        return (
            (x.sum(), x.mean(), np.median(n), np.dot(x, x), len(x), x[1:].argmax()),
            (np.sin(x), np.where(n > 1, x, 0), x.reshape(3, 1).T, np.sort(x), x.cumsum(), x.astype(np.int64)),
        )

    a = records.astype(dtype)
    both(run, a)


def sort(a):
    a["x"].sort()


def fill(a):
    a["x"].fill(1)


def put(a):
    np.put(a["x"], [1], 2)


def negate(a):
    np.negative(a["x"], out=a["x"])


def write(a):
    np.asarray(a["x"])[0] = 1


@pytest.mark.parametrize("function", [sort, fill, put, negate, write])
def test_functions_that_write_packed_fields_are_refused(function):
    with pytest.raises(TypingError, match="read-?only"):
        numir.njit(function)(records.copy())
    aligned = records.astype(ALIGNED)
    both(function, aligned)


@pytest.mark.parametrize("dtype", [PACKED, ALIGNED, NESTED, ODD], ids=["packed", "aligned", "nested", "odd"])
def test_records_made_inside(dtype):
    def run(a):
        n = len(a) - 2
        zeros = np.zeros(n, dtype)
        zeros[1] = a[0]
        like = np.zeros_like(a)
        like[1:] = a[:-1]
        copied = np.empty((2, n), a.dtype)
        copied[:] = a[:n]
        none = np.empty_like(a[:0])
        same = (a.dtype == dtype, a.dtype == OTHER, a.dtype != OTHER)
        return zeros, like, copied, none, same, dtype.itemsize, dtype.names

    both(run, made(dtype))


@pytest.mark.parametrize("make", [lambda n: np.zeros(n).astype(PACKED), lambda n: np.full(n, (1.0, 2), PACKED)])
def test_records_made_of_other_things_are_refused(make):
    with pytest.raises((UnsupportedError, TypingError), match="record"):
        numir.njit(make)(3)


@BOTH
def test_unaligned_records(dtype):
    a = np.zeros(3 * dtype.itemsize + 1, np.uint8)[1:].view(dtype)
    a["x"] = [1, 2, 3]
    assert numir.njit(lambda a: a[1].x)(a) == 2
    if dtype is PACKED:
        assert numir.njit(lambda a: a["x"][1])(a) == 2
    else:
        with pytest.raises(ValueError, match="do not lie at whole multiples"):
            numir.njit(lambda a: a["x"][1])(a)


@ARRAYS
def test_fields_that_are_arrays_or_records(dtype):
    if dtype is NESTED:

        def read(a, i):
            r = a[i[0]]
            return (
                r.m.shape,
                r.m[1, 2],
                r["m"][0][1],
                r.m.ndim,
                r.p.x,
                r.p.q[1],
                r.p.q.size,
                a["p"]["x"][1],
                a["m"][2, 1, 1],
            )
    else:

        def read(a, i):
            r = a[i[0]]
            return r.m.shape, r.m[1, 2], r["m"][0][1], r.m.ndim, r.p[1].c, r.p[0].q[1], r.p.shape, a["m"][2, 1, 1]

    for a in (made(dtype), made(dtype)[::-2]):
        for i in range(3):
            at = np.array([i])
            assert numir.njit(read)(a, at) == read(a.view(np.recarray), at)


@ARRAYS
def test_fields_that_are_arrays_are_written(dtype):
    def write(a, m):
        a[0]["m"][1, 1] = 5
        a[1]["m"][:] = 1.5
        a[2]["m"] = m
        a[3]["p"] = a[0]["p"]
        a["m"][4] = m
        for row in a[3]["m"]:
            row[0] = 9

    both(write, made(dtype), np.arange(6.0).reshape(2, 3))


def test_slices_and_assignments():
    def run(a, b):
        a[0] = b[3]
        a[1:3] = b[2:4]
        a[3:] = b[0]
        b[::2] = a[1]
        return a[1:3], a[::-2], a[2:]["x"].copy(), b[1:][1]["n"]

    both(run, made(PACKED), made(PACKED)[::-1])
    both(run, made(ALIGNED), made(ALIGNED)[::-1])

    def overlapping(a):
        a[1:] = a[:-1]

    both(overlapping, made(PACKED))
    with pytest.raises(TypingError, match="only records of the same dtype can"):
        numir.njit(run)(made(PACKED), made(ALIGNED))


def test_records_as_results():
    a = made(PACKED)
    assert numir.njit(lambda a: a)(a) is a
    part = numir.njit(lambda a: a[1:])(a)
    assert part.dtype == PACKED
    assert np.shares_memory(part, a)
    record, none = numir.njit(lambda a: (a[1], None))(a)
    assert isinstance(record, np.record)
    assert (record.x, record.n) == tuple(a[1])
    record.n = -1
    assert a[1]["n"] != -1
    a.flags.writeable = False
    assert not numir.njit(lambda a: a[1:])(a).flags.writeable


def test_copies():
    def run(a):
        b = a.copy()
        b[0]["n"] = -1
        return b, a[1:3].copy()[1]["x"], a[0]["n"]

    both(run, made(PACKED))
    both(run, made(PACKED)[::-1])


def test_records_as_arguments():
    @numir.njit
    def move(r, by):
        r.x += by
        return r["n"]

    a = made(PACKED)
    x = a[2]["x"]
    assert move(a[2], 2.0) == a[2]["n"]
    assert a[2]["x"] == x + 2
    own = np.void((1.5, 3), PACKED)
    assert move(own, 1.0) == 3
    assert own["x"] == 2.5
    assert move(a.view(np.recarray)[2], -2.0) == a[2]["n"]
    m = numir.njit(lambda r: r.m)(made(NESTED)[1])
    np.testing.assert_equal(m, made(NESTED)[1]["m"])
    a.flags.writeable = False
    with pytest.raises(TypingError, match="readonly"):
        move(a[2], 2.0)


def test_records_by_global_names():
    @numir.njit
    def run(i):
        one.n = 5
        return records[i].x + array_of_records[i].x + one["x"] + mixed[2][mixed[0]][mixed[1]]

    assert run(2) == 2.5 + 2.5 + 1.5 + 3
    assert records[1]["n"] == 5
    records[2]["x"] = 7
    assert run(2) == 7 + array_of_records[2].x + 1.5 + 3
    records[2]["x"] = 2.5

    frozen = records.copy()
    frozen.flags.writeable = False

    @numir.njit
    def write():
        frozen[0].x = 1.0

    with pytest.raises(TypingError, match="readonly"):
        write()


@pytest.mark.parametrize("dtype", [PACKED, ALIGNED, NESTED, ODD])
def test_types(dtype):
    record = numir.from_dtype(dtype)
    assert numir.types.as_dtype(record) == dtype
    a = made(dtype)
    name = dtype.names[0]
    assert numir.njit((numir.typeof(a),))(lambda r: r[1][name])(a) == a[1][name]
    assert numir.njit((numir.typeof(a[0]),))(lambda r: r[name])(a[1]) == a[1][name]
    assert numir.njit((record,))(lambda r: r[name])(a[1]) == a[1][name]
    assert numir.njit((record[:],))(lambda r: r[1][name])(a) == a[1][name]


@BOTH
def test_fields_are_updated_in_place_by_other_names(dtype):
    def run(a, by):
        x = a["x"]
        x += by
        x[1:] *= 2
        return a["x"][2]

    both(run, made(dtype), np.arange(5.0))


@pytest.mark.parametrize("truth", [lambda a: bool(a[0]), lambda a: 1 if a else 2, lambda a: not a["x"]])
def test_the_truth_of_records_is_refused(truth):
    with pytest.raises(numir.errors.UnsupportedError, match="the truth of records"):
        numir.njit(truth)(records)
