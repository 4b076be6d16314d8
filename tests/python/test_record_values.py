"""Records as a whole in compiled code: made of literal dtypes, compared, sorted, put together, taken apart; as NumPy."""

import numir
import numpy as np
import pytest

from numpy_tables import load

PACKED = np.dtype([("x", "f8"), ("n", "i4")])
ALIGNED = np.dtype([("x", "f8"), ("n", "i4")], align=True)
RECORDS = [(1.5, 2), (-2.0, 7), (0.0, 5), (1.5, 1), (-2.0, 7)]
BOTH = pytest.mark.parametrize("dtype", [PACKED, ALIGNED], ids=["packed", "aligned"])


def same(function, *arguments):
    """The results, and what is left in the arguments, are those of NumPy; dtypes too."""
    copies = [[one.copy() for one in arguments] for _ in range(2)]
    wanted, got = function(*copies[0]), numir.njit(function)(*copies[1])
    wanted, got = ((one if isinstance(one, tuple) else (one,)) for one in (wanted, got))
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_array_equal(one, other)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype and one.shape == other.shape
    for one, other in zip(*copies, strict=True):
        np.testing.assert_array_equal(one, other)


def test_dtypes_as_a_program_writes_them(tmp_path):
    def made(n):
        a = np.zeros(n, dtype=[("x", "f8"), ("n", np.int32)])
        a["x"] = [1, 2, 3]
        a[1] = (5, 6)
        a["n"][2] = 7
        b = np.zeros((2, 2), dtype="f8,i4")
        c = np.empty(2, dtype=np.dtype([("m", float, (2, 3)), ("p", [("q", "u2"), ("r", "?")])], align=True))
        c["m"] = 4
        c["p"]["q"] = 3
        c["p"]["r"] = True
        d = np.array([(1, 2), (3, 4)], dtype=[("x", "f4"), ("y", "i8")])
        e = np.array([[(1, (2, True))], [(3, (4, False))]], dtype=[("x", "f4"), ("p", [("q", "i2"), ("r", "?")])])
        return a, b, c["m"].copy(), c["p"]["q"].copy(), d, e, np.ones(2, dtype=[("x", "f8"), ("n", "i4")])

    for mine, numpys in zip(numir.njit(made)(3), made(3), strict=True):
        assert mine.dtype == numpys.dtype
        np.testing.assert_array_equal(mine, numpys)
    wrong = {
        "[('x', 'f8'), ('x', 'i4')]": ValueError,
        "[('x', 'foo')]": TypeError,
        "[('x', 'f8', n)]": TypeError,
        "[('x', 'M8[D]')]": numir.errors.UnsupportedError,
    }
    for error, function in zip(
        wrong.values(), load(tmp_path, "n", [f"np.zeros(n, dtype={text})" for text in wrong]), strict=True
    ):
        with pytest.raises(error):
            function(3)


@BOTH
def test_records_are_compared(dtype):
    def compared(a, b):
        return (
            a == b,
            a != b[::-1],
            a == b[0],
            a[0] == b[0],
            a[1] == b[2],
            a[:, None] == b,
            a[a == a[1]],
            (a[0], 1) == (b[0], 1),
        )

    a = np.array(RECORDS, dtype)
    same(compared, a, a[np.array([0, 2, 1, 3, 4])])


@BOTH
def test_records_are_sorted(dtype):
    def ordered(a):
        b = a.copy()
        b.sort(order="n")
        return (
            np.sort(a),
            np.sort(a, order="n"),
            np.sort(a, order=["n", "x"]),
            np.argsort(a, order="x")[:1],
            b,
            a.argsort(order=("x", "n"))[-1],
        )

    # Ties are in any order: NumPy's sorts of records are not stable.
    same(ordered, np.array(RECORDS[:4], dtype))
    with pytest.raises(ValueError, match="no fields"):
        numir.njit(lambda a: np.sort(a, order="x"))(np.zeros(3))


@BOTH
def test_records_are_put_together_and_taken_apart(dtype):
    def arranged(a):
        return (
            np.concatenate((a, a[::-1])), np.concatenate([a, a[:1]]), np.append(a, a), np.stack((a, a)), np.vstack((a, a)), np.hstack((a, a)), np.repeat(a, 2), np.tile(a, 2),
            np.roll(a, 1), np.flip(a), np.delete(a, 1), np.take(a, [0, 2]), a.take([1, 1]), np.expand_dims(a, 0), np.broadcast_to(a, (2, 5)), a.reshape(5, 1), a.reshape(-1),
            np.insert(a, 1, a[3]), a[:, None].T, np.copy(a), np.array(a), np.asarray(a), a[np.nonzero(a["n"] > 3)], np.split(a, [2])[1], a.ravel(), a.flatten(),
            a.astype([("x", "f4"), ("n", "i8")]), np.swapaxes(a[None], 0, 1), a.reshape((5, 1)).transpose(1, 0),
        )  # fmt: skip

    same(arranged, np.array(RECORDS, dtype))
    with pytest.raises(ValueError, match="copy"):
        numir.njit(lambda a: a[::2].reshape(3, 1))(np.array(RECORDS, dtype))


@BOTH
def test_some_fields(dtype):
    def some(a):
        b = a[["n", "x"]]
        b[0] = (8, 9.5)
        a[["x"]]["x"][1] = 4
        a[["x", "n"]][2:] = (1, 2)
        return b, a[["n"]], a[["n", "x"]][3]["n"], len(a.dtype), a.dtype.names

    a, b = np.array(RECORDS, dtype), np.array(RECORDS, dtype)
    for mine, numpys in zip(numir.njit(some)(a), some(b), strict=True):
        np.testing.assert_array_equal(mine, numpys)
    np.testing.assert_array_equal(a, b)


@BOTH
def test_a_record_is_a_sequence_of_its_fields(dtype):
    def apart(a):
        x, n = a[0]
        a[1][0] = 7
        a[1][-1] = 8
        a.fill((1, 2)) if n > 100 else None
        a[3:] = 0
        return x, n, a[1][0], len(a[0]), a[2].item()

    same(apart, np.array(RECORDS, dtype))
    with pytest.raises(IndexError):
        numir.njit(lambda a: a[0][2])(np.array(RECORDS, dtype))


def test_two_dtypes_are_two_types():
    def made(a, dtype):
        return np.zeros(2, dtype)

    compiled = numir.njit(lambda a: made(a, a.dtype))
    for dtype in (PACKED, ALIGNED, np.dtype([("x", "f8"), ("k", "i4")])):
        assert compiled(np.zeros(1, dtype)).dtype == dtype
