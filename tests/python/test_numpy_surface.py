"""NumPy 2's names that are asked for less often, memory that cannot be had, and the order in memory of results; as NumPy."""

import numir
import numpy as np
import pytest

from numpy_cases import arguments, check
from numpy_tables import load

#: Over a (three axes), f (the same in Fortran order), m (two axes), v and i (places), s (strided), b (a mask), u (small integers).
PRODUCTS = [
    "np.vecdot(m, m)", "np.vecdot(a, a, axis=0)", "np.vecdot(m, m, keepdims=True)", "np.vecdot(a, a, axis=1, keepdims=True)", "np.vecdot(b, b)",
    "np.vecdot(a, a, axes=[(0,), (0,), ()])", "np.vecdot(m, m, dtype=np.float32)", "np.vecdot(m, m[:, :3])", "np.vecdot(m, m, out=np.zeros(3, m.dtype))",
    "np.matvec(m, v)", "np.matvec(a, v, axes=[(1, 2), 0, 0])", "np.vecmat(v[:3], a, axes=[(0,), (1, 2), (0,)])", "np.matvec(m, v, axis=0)", "np.vecmat(v[:3], m)",
    "np.matmul(a, a, axes=[(0, 1), (2, 1), (0, 1)])", "np.matmul(m, v, axes=[(0, 1), (0,), (0,)])", "np.matmul(m, v, keepdims=True)",
    "np.linalg.vecdot(m, m, axis=0)", "np.linalg.matmul(m, m.T)",
]  # fmt: skip
MEMORY = [
    "np.shares_memory(m, m[1:])", "np.shares_memory(m, s)", "np.shares_memory(m[:, 0], m[:, 1])", "np.may_share_memory(m[:, 0], m[:, 1])", "np.shares_memory(m, m.copy())",
    "np.shares_memory(m[::2], m[::-1])", "np.shares_memory(m[:0], m)", "np.shares_memory(m, [1, 2])",
    "np.lib.stride_tricks.sliding_window_view(m, (2, 2))", "np.lib.stride_tricks.sliding_window_view(a, 2, axis=1)", "np.lib.stride_tricks.sliding_window_view(m, (2, 2), (1, 1))",
    "np.lib.stride_tricks.sliding_window_view(m, 5, axis=1)", "np.lib.stride_tricks.sliding_window_view(m, 2)", "np.lib.stride_tricks.as_strided(v, (2, 2), (8, 8))",
]  # fmt: skip
TYPES = [
    "np.issubdtype(m.dtype, np.floating)", "np.issubdtype(v.dtype, np.integer)", "np.issubdtype(u.dtype, np.signedinteger)", "np.issubdtype(np.float32, np.number)",
    "np.issubdtype(np.floating, np.inexact)", "np.issubdtype(np.bool_, np.integer)", "np.issubdtype('f4', float)", "np.issubdtype(m.dtype, float)",
    "isinstance(m[0, 0], np.floating), isinstance(v[0], np.integer), isinstance(v[0], (np.floating, np.unsignedinteger)), isinstance(m, np.number)",
    "np.isdtype(m.dtype, 'real floating')", "np.isdtype(v.dtype, ('integral', 'bool'))", "np.isdtype(u.dtype, np.uint8)", "np.isdtype(v.dtype, 'foo')",
]  # fmt: skip
COUNTS = [
    "np.histogramdd((v, v), bins=3)", "np.histogramdd((v, v, i.reshape(-1)), bins=(2, 3, [0, 1, 4]), density=True)", "np.histogramdd((v, m[0]), 3, ((0, 2), (0, 3)), weights=m[1])",
    "np.histogram2d(v, v, bins=[np.array([0, 2, 4]), 3])", "np.size(a, (0, 2))", "np.real_if_close(m)", "np.tri(-1)", "np.resize(v, -1)",
    "np.array(m, ndmax=2)", "np.percentile(v, 30, weights=v, method='inverted_cdf')", "np.quantile(m, [0, 0.3, 1], axis=1, weights=v, method='inverted_cdf')",
    "np.percentile(a, 30, axis=(0, 2), weights=a + 1, method='inverted_cdf', keepdims=True)", "np.percentile(a, 30, axis=(0, 2), weights=a[:, 0], method='inverted_cdf')",
    "np.percentile(v, 30, weights=v)", "np.percentile(m, 30, weights=v, method='inverted_cdf')", "np.percentile(v, 30, weights=v - 2.0, method='inverted_cdf')",
    "np.nanquantile(m, 0.4, weights=m + 1, method='inverted_cdf')", "np.percentile(v, 101, weights=v, method='inverted_cdf')",
    "np.polyfit(v, v * v, 1, full=True)[:2]", "np.polyfit(v, v * v, 1, cov=True)", "np.polyfit(v, m.T * v[:, None], 1, cov='unscaled')", "np.polyfit(v, v * v, 1, w=v + 1, cov=True)",
    "np.polyfit(v, v * v, 3, cov=True)",
]  # fmt: skip
ASSIGNED = [
    "v[[0, 2]] = m[:, ::2]", "v[[0, 2]] = m[:1, :2]", "v[v > 1] = m[:1, :2]", "m[[0, 2]] = a[:1, :2]", "m[[0, 1]] = a[:, :2]", "m[b] = m[:1, :2]", "v[[0, 2]] = [1, 2, 3]",
]  # fmt: skip
TABLES = {"assigned": ASSIGNED, "products": PRODUCTS, "memory": MEMORY, "types": TYPES, "counts": COUNTS}


@pytest.mark.parametrize("table", TABLES)
def test_as_numpy(table, tmp_path, full, rng):
    cases = TABLES[table]
    check(cases if full else rng.sample(cases, 2 * len(cases) // 3), "plain", tmp_path)


def test_results_have_names():
    def found(a):
        d, q, s, e = np.linalg.slogdet(a), np.linalg.qr(a), np.linalg.svd(a), np.linalg.eigh(a)
        w, v = np.linalg.eig(a)
        u, c, p = np.unique_all(a), np.unique_counts(a), np.unique_inverse(a)
        return (
            d.sign, d.logabsdet, q.Q @ q.R, (s.U * s.S) @ s.Vh, e.eigenvalues, np.abs(e.eigenvectors), np.sort(w), np.abs(v).sum(),
            u.values, u.indices, u.inverse_indices, u.counts, c.values, c.counts, p.values, p.inverse_indices,
        )  # fmt: skip

    a = np.array([[4.0, 1.0], [1.0, 3.0]])
    for mine, numpys in zip(numir.njit(found)(a), found(a), strict=True):
        np.testing.assert_allclose(mine, numpys, rtol=1e-12, atol=1e-12)
    for function in (np.linalg.eigh, np.linalg.eig, np.linalg.svd, np.linalg.qr, np.linalg.slogdet, np.unique_all):
        assert type(numir.njit(lambda a, function=function: function(a))(a)) is type(function(a))
    # What NumPy has made is taken by its names as well.
    assert numir.njit(lambda e: e.eigenvalues[0])(np.linalg.eigh(a)) == np.linalg.eigh(a).eigenvalues[0]


SHAPES = [
    "np.zeros(10**13)", "np.empty((10**6, 10**6, 10), np.int16)", "np.ones(v[0] * 10**13, np.uint8)", "np.full((3, 10**14), True)", "np.arange(10**13)", "np.zeros(2**62)",
    "np.zeros((v[0] * 2**40, v[1] * 2**40))", "np.zeros(2**62, np.int8)", "np.zeros(10**19)", "np.zeros((3, -1))", "np.zeros(v[3] - 1)", "np.outer(np.arange(10**7), np.arange(10**7)) + 1",
    "np.repeat(m, 10**13)", "np.zeros((10**14, 2), np.complex64, order='F')", "np.bincount(np.array([10**13]))", "np.linspace(0, 1, 10**13)",
]  # fmt: skip


@pytest.mark.parametrize("text", SHAPES)
def test_memory_that_cannot_be_had(text, tmp_path):
    (compiled,) = load(tmp_path, "a, f, m, v, i, s, b, u", [text])
    outcomes = []
    for run in (compiled.py_func, compiled):
        try:
            outcomes.append(run(*arguments("plain")))
        except (MemoryError, ValueError) as error:
            kind = MemoryError if isinstance(error, MemoryError) else ValueError
            outcomes.append((kind, str(error)))
    assert outcomes[0] == outcomes[1]


ORDERS = [
    "f + 1", "f + f", "f + a", "-f", "np.sin(f)", "f > 3", "np.where(f > 3, f, 0)", "m.T + v", "m.T + v[:3]", "np.asfortranarray(m) + v", "np.asfortranarray(m) + v[:1]", "(m.T * 2 + 1) ** 2", "f.astype(float)",
    "f.astype(float, order='C')", "np.copy(f)", "f.copy()", "np.array(f)", "np.array(f, order='C')", "np.ascontiguousarray(f)", "np.asfortranarray(a)", "np.divmod(f, 2)[1]",
    "np.clip(f, 1, 3)", "np.abs(m.T)", "m.T + m.T[:, :1]", "m.T + m.T[:1]", "np.logical_not(f)", "np.hypot(m.T, m.T)", "f.conj()", "np.isnan(m.T)",
    "np.swapaxes(a, 0, 2) * a.T", "m.T.reshape(-1) + 1", "np.full((2, 3), 1.5, order='F') + np.ones((1, 3))", "np.zeros((3, 4), order='F') + np.zeros((2, 3, 4), order='F')",
]  # fmt: skip


def test_the_order_of_results_is_that_of_the_operands(tmp_path):
    m = np.arange(12.0).reshape(3, 4)
    given = np.arange(24).reshape(2, 3, 4), np.arange(24).reshape(2, 3, 4).copy(order="F"), m, m[0].copy()
    for text, compiled in zip(ORDERS, load(tmp_path, "a, f, m, v", ORDERS), strict=True):
        numpys = outcome(compiled.py_func, given)
        mine = outcome(compiled, given)
        if numpys is ValueError:
            assert mine is ValueError, text
            continue
        np.testing.assert_allclose(mine, numpys, rtol=1e-15, err_msg=text)
        assert mine.dtype == numpys.dtype, text
        if ":1]" not in text and "ones((1" not in text:
            # What is stretched is in either order for NumPy.
            assert [mine.flags[order] for order in "CF"] == [numpys.flags[order] for order in "CF"], text


def outcome(function, given):
    try:
        return function(*given)
    except ValueError:
        return ValueError


@pytest.mark.parametrize("parallel", [False, True])
def test_arrays_in_fortran_order_are_written_in_it(parallel):
    """Large ones, in pieces and through buffers; rows and columns that are stretched; views of one another."""

    def written(f, g, row):
        f[...] = f * 2 + g
        f += row
        f[1:] = f[:-1] + 1
        h = (f - g).T + 1
        f[:, ::2] -= g[:, ::2]
        return f, h, np.sqrt(np.abs(f)) + row

    rng = np.random.default_rng(1)
    f, g, row = np.asfortranarray(rng.random((500, 300))), np.asfortranarray(rng.random((500, 300))), rng.random(300)
    mine = numir.njit(parallel=parallel)(written)(f.copy("F"), g, row)
    for one, other in zip(mine, written(f.copy("F"), g, row), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-15)
        assert one.flags.f_contiguous == other.flags.f_contiguous


def test_what_helps_is_said(tmp_path):
    refused = {
        "a.tolist()": "no lists", "a.tobytes()": "no bytes", "a.resize((2, 2))": r"np.resize\(a, shape\)", "np.save('x', a)": "files", "np.float_(1)": "np.float64",
        "np.trapz(a)": "np.trapezoid", "np.random.bytes(3)": "no bytes", "np.random.default_rng(1).spawn(2)": "pass them", "np.vectorize(np.sin)(a)": "numir.vectorize",
    }  # fmt: skip
    for (_, help), function in zip(refused.items(), load(tmp_path, "a", refused), strict=True):
        with pytest.raises(numir.errors.NumirError, match=help):
            function(np.zeros(3))


def test_errors_of_arithmetic_are_ignored_in_a_block():
    def divided(a, b):
        with np.errstate(divide="ignore", invalid="ignore"):
            c = a / b
        return c

    a, b = np.array([1.0, 0.0]), np.zeros(2)
    np.testing.assert_array_equal(numir.njit(divided)(a, b), divided(a, b))


def test_what_ufuncs_make_of_pythons_numbers_is_numpys():
    def mixed(a, i, n):
        return (
            a * np.sqrt(2), a + np.add(n, 1), a * np.maximum(2.0, n), i + np.add(n, 1), i * np.abs(-n), i + np.floor(n), a * np.hypot(3, n), np.divide(n, 0), 1 / np.sin(0.0 * n),
            a * np.where(n > 1, 1.5, 2), np.modf(2.5)[0] * a, np.add(True, True), np.invert(n > 1), np.argsort(n), np.cumsum(n, axis=0), a * np.pi, i * n,
        )  # fmt: skip

    given = np.array([1, 2], np.float32), np.array([1, 2], np.int8), 3
    with np.errstate(all="ignore"):
        wanted = mixed(*given)
    for mine, numpys in zip(numir.njit(mixed)(*given), wanted, strict=True):
        np.testing.assert_allclose(mine, numpys, rtol=1e-6)
        if isinstance(numpys, np.ndarray) and numpys.ndim:
            assert mine.dtype == numpys.dtype
    for wrong in (lambda: np.negative(True), lambda: np.subtract(True, True)):
        with pytest.raises(TypeError):
            numir.njit(wrong)()


def test_none_equals_no_number():
    def equals(x, y=None):
        return y == 0, y != 0, y == x, (1, y) == (1, 0), y == None, 1 if y == 0 else 2  # noqa: E711

    assert numir.njit(equals)(0) == equals(0)
