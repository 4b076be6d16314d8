"""NumPy's functions that take functions, windows, bits, blocks, and its questions about values; as NumPy."""

import numpy as np
import pytest
from numir import njit

from numpy_tables import Table, arrays, filled


def test_windows(tmp_path):
    names = ("bartlett", "blackman", "hamming", "hanning")
    table = Table(tmp_path, "m", [*(f"np.{name}(m)" for name in names), "np.kaiser(m, 8.6)", "np.kaiser(m, 0)"])
    for m in (0, -2, 1, 2, 7, 12):
        table.check(m)


def test_bessel(tmp_path):
    table = Table(tmp_path, "x", ["np.i0(x)"])
    table.check(np.array([0.0, 0.1, -1, 5, 8, 29.9, 30.1, 100, 700]), rtol=1e-11)
    table.check(np.arange(6).reshape(2, 3))
    table.check(np.float32([0.5, 20]), rtol=1e-6)
    table.check(np.array([1j]))


def test_bits(tmp_path):
    expressions = [
        "np.packbits(a)",
        "np.packbits(a, axis=0)",
        "np.packbits(a, axis=-1, bitorder='little')",
        "np.packbits(a[:, :0])",
        "np.unpackbits(b)",
        "np.unpackbits(b, axis=0)",
        "np.unpackbits(b, axis=1, count=5)",
        "np.unpackbits(b, count=-3, bitorder='little')",
        "np.unpackbits(b, axis=1, count=30)",
        "np.packbits(a * 1.0)",
        "np.unpackbits(a)",
        "np.packbits(a, bitorder='x')",
    ]
    rng = np.random.default_rng(7)
    table = Table(tmp_path, "a, b", expressions)
    table.check(filled(rng, "bool", (3, 11)), filled(rng, "uint8", (2, 3)))
    table.check(filled(rng, "int64", (3, 11)), np.asfortranarray(filled(rng, "uint8", (2, 3))))


def test_blocks(tmp_path):
    expressions = [
        "np.block([[a, b], [b, a]])",
        "np.block([a, b])",
        "np.block([[a, a], [b, b]])",
        "np.block([a[0], b[0]])",
        "np.block([[a[0]], [b[0]]])",
        "np.block([1, 2.5, a[0]])",
        "np.block([[1, 2], [3, 4]])",
        "np.block(a)",
        "np.block([[[a]], [[b]]])",
        "np.block([[a, b], [b]])",
        "np.block([[a, b], a])",
    ]
    Table(tmp_path, "a, b", expressions).check(np.arange(6).reshape(2, 3), np.ones((2, 3)))


@pytest.mark.parametrize("dtype", ["bool", "int16", "float32", "float64", "complex128"])
def test_questions(tmp_path, dtype):
    expressions = [
        "np.iscomplex(a)",
        "np.isreal(a)",
        "np.iscomplexobj(a)",
        "np.isrealobj(a)",
        "np.isscalar(a)",
        "np.isscalar(3)",
        "np.iterable(a)",
        "np.iterable(2.0)",
        "np.sort_complex(a[0])",
        "np.asanyarray(a)",
        "np.asarray_chkfinite(a)",
        "np.astype(a, np.complex128)",
    ]
    if dtype != "complex128":
        expressions += ["np.isposinf(a)", "np.isneginf(a)"]
    table = Table(tmp_path, "a", expressions)
    for a in arrays([dtype]):
        table.check(a)
    if dtype == "float64":
        table.check(np.array([[np.inf, -np.inf, np.nan, 0]]))


def test_along_axes():
    def spread(row, by=1):
        return (row.max() - row.min()) * by

    def doubled(row):
        return row[::2] * 2

    compiled_spread, compiled_doubled = njit(spread), njit(doubled)

    @njit
    def along(a):
        return (
            np.apply_along_axis(compiled_spread, 0, a),
            np.apply_along_axis(compiled_spread, -1, a, 3),
            np.apply_along_axis(compiled_doubled, 1, a),
            np.apply_along_axis(np.sort, 0, a),
        )

    for a in (np.arange(12.0).reshape(3, 4) % 5, np.asfortranarray(np.arange(6).reshape(2, 3)), np.ones((2, 1, 3))):
        wanted = (
            np.apply_along_axis(spread, 0, a),
            np.apply_along_axis(spread, -1, a, 3),
            np.apply_along_axis(doubled, 1, a),
            np.apply_along_axis(np.sort, 0, a),
        )
        for got, one in zip(along(a), wanted, strict=True):
            np.testing.assert_array_equal(got, one)
            assert got.dtype == one.dtype
    with pytest.raises(ValueError):
        along(np.ones((0, 3)))


def test_over_axes(tmp_path):
    expressions = ["np.apply_over_axes(np.sum, a, (0, 1))", "np.apply_over_axes(np.sum, a, -1)"]
    Table(tmp_path, "a", expressions).check(np.arange(24).reshape(2, 3, 4))


def test_pieces():
    def square(x):
        return x * x

    compiled = njit(square)

    @njit
    def pieces(x):
        return (
            np.piecewise(x, [x < 0, x >= 2], [-1, compiled]),
            np.piecewise(x, [x < 0, x >= 2], [-1, compiled, 7]),
            np.piecewise(x, x > 1, [compiled, 0]),
        )

    for x in (np.linspace(-2, 4, 7), np.arange(-2, 4)):
        wanted = (
            np.piecewise(x, [x < 0, x >= 2], [-1, square]),
            np.piecewise(x, [x < 0, x >= 2], [-1, square, 7]),
            np.piecewise(x, x > 1, [square, 0]),
        )
        for got, one in zip(pieces(x), wanted, strict=True):
            np.testing.assert_array_equal(got, one)
            assert got.dtype == one.dtype


def test_polynomials_and_buffers(tmp_path):
    expressions = [
        "np.poly(a)",
        "np.polydiv(a, a[1:3])",
        "np.polydiv(a[:2], a)",
        "np.frombuffer(a, np.uint8)",
        "np.frombuffer(a, a.dtype, count=2, offset=16)",
        "np.frombuffer(a, a.dtype, 9)",
        "np.frombuffer(a, a.dtype, offset=-8)",
    ]
    Table(tmp_path, "a", expressions).check(np.array([2.0, 3, -1, 4, 0.5]))
    Table(tmp_path, "a", expressions[:3]).check(np.array([2.0, 3, -1, 4]) + 1j)


def test_masks(tmp_path):
    Table(tmp_path, "n", ["np.mask_indices(n, np.triu)", "np.mask_indices(n, np.tril, -1)"]).check(4)
