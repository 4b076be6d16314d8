"""NumPy as its user guide writes it: list displays, `order=`, methods, results without axes, and what is refused; as NumPy."""

import numir
import numpy as np
import pytest

from numpy_cases import check

#: Over a (three axes), f (the same in Fortran order), m (two axes), v and i (places), s (strided), b (a mask), u (small integers).
LISTS = [
    "np.full((2, 3), [1, 2, 3])", "np.zeros_like([1, 2])", "np.diag([1, 2, 3])", "np.roll([1, 2, 3], 1)", "np.flip([1, 2, 3])",
    "np.rot90([[1, 2], [3, 4]])", "np.hstack(([1, 2], [3]))", "np.choose([1, 0], [[1, 2], [3, 4]])", "np.dot([1, 2], [3, 4])",
    "np.transpose(a, axes=[2, 0, 1])", "np.histogram([1, 2, 1], bins=[0, 1, 2, 3])", "np.sum(m, axis=1, where=[True, False, True, True])",
    "np.average(m, axis=1, weights=[1, 2, 3, 4])", "np.diff(v, prepend=0, append=[1, 2])", "v + [1, 2, 3, 4]", "[1, 2, 3, 4] * v", "v == [3, 0, 2, 1]",
    "m[0] @ [1, 2, 3, 4]", "np.insert(v, [1, 3], 5)", "np.insert(v, [2, 2], [5, 6])", "np.insert(m, [1], [[1], [2], [3]], axis=1)",
    "np.insert(m, 1, [1, 2, 3], axis=1)", "np.insert(v, slice(1, 3), 9)", "np.delete(v, v > 1)", "np.delete(v, [])", "np.array([[1, 2], [3]])",
]  # fmt: skip
WRITES = [
    "m[0] = [1, 2, 3, 4]", "m[:, 1] = [1, 2, 3]", "m[[0, 2]] = [4, 3, 2, 1]", "m[b] += 1", "v[v > 1] = [7, 8]", "v[v > 1] = [7, 8, 9]", "m[1] += [1, 2, 3, 4]",
    "np.fill_diagonal(m, [5, 6, 7])", "np.put_along_axis(m, v, 9, axis=None)", "np.put_along_axis(m, i, 9, 1)", "np.copyto(v, m[0], casting='unsafe')",
    "np.copyto(v, m)", "np.put(m, [0, 99], 5)",
]  # fmt: skip
ORDERS = [
    "np.copy(f)", "f.copy()", "f.copy('K')", "f.astype(np.float32)", "a.astype(int, order='F')", "np.array(a, order='F')", "np.array([[1, 2], [3, 4]], order='F')",
    "np.asarray(m, order='F')", "m.reshape(4, 3, order='F')", "f.reshape(6, 4, order='F')", "m.reshape(2, 6, copy=True)", "s.ravel('K')", "s.flatten('K')",
    "a.transpose(2, 0, 1).ravel('K')", "f.ravel('A')", "np.zeros((2, 3), order='F')", "np.full_like(f, 2)", "np.ones_like(f, order='C')",
]  # fmt: skip
SCALARS = [
    "m[1, 1] + np.array(2)", "np.array(3) * 2", "np.sin(np.array(1.0))", "np.add.outer(1, 2)", "np.array(5).sum(axis=0)", "np.max(np.array(5), axis=-1)",
    "np.argmax(np.array(5), axis=0)", "m.max().astype(np.int8)", "m.sum().item()", "m.item(5)", "m.item(1, 2)", "m.item((2, 3))", "m.item(50)", "m.item()",
    "np.array(2.5).astype(int)", "np.var(np.array(3))", "m.mean(axis=0).round(1)", "np.float64(2).shape",
]  # fmt: skip
FUNCTIONS = [
    "m.dot(m.T)", "a.byteswap()", "m.compress([True, False, True], axis=0)", "np.isfortran(f)", "np.kron(v, m)", "np.kron(2, v)", "np.trace(a)", "np.trace(a, 1, 1, 2)",
    "np.lexsort(a)", "np.lexsort(a, axis=0)", "np.unique(i, axis=0)", "np.unique(i, axis=1, return_index=True, return_inverse=True, return_counts=True)",
    "np.histogram(m, bins='auto')", "np.histogram(m, bins='doane')", "np.histogram_bin_edges(m, 'fd')", "np.percentile(m, 33, 0, method='inverted_cdf')",
    "np.percentile(m, [10, 50], method='averaged_inverted_cdf')", "np.percentile(m, 33, 0, method='closest_observation')", "np.geomspace([1, 2], 1000, 4)",
    "np.geomspace([1, 2], 1000, 4, axis=1)", "np.geomspace(1j, 1000j, 4).imag.round(9)", "np.logspace([0, 1], 2, 3, axis=-1)", "np.gradient(a + 0.0, axis=(0, 1))", "np.gradient(a + 0.0)",
    "np.linalg.diagonal(a)", "np.linalg.trace(a)", "np.linalg.matrix_transpose(a)", "np.linalg.matrix_power(i, 3)", "np.linalg.matrix_rank(m, rtol=1e-3)",
    "np.linalg.pinv(m.astype(float), rtol=0.1)", "np.take_along_axis(m, v, axis=None)", "np.ravel_multi_index((v, v), (3, 3), mode=('clip', 'wrap'))",
    "m[np.ix_([True, False, True], [1, 3])]", "np.linalg.tensorinv(np.eye(6).reshape(2, 3, 6), ind=2)", "np.linalg.tensorsolve(np.eye(6).reshape(2, 3, 6), m[:2, :3])",
]  # fmt: skip
UFUNCS = [
    "np.modf(m, out=(np.zeros((3, 4)), np.zeros((3, 4))))", "np.divmod(m, 2, where=b, out=(m.copy(), m.copy()))", "np.subtract.reduce(m, axis=(0, 1))",
    "np.bitwise_or.reduce(v, initial=8)", "np.hypot.reduce(m, axis=1, where=b, keepdims=True)", "np.subtract.reduce(m, where=b)", "np.bitwise_and.reduce(v[:0])",
    "np.subtract.reduce(v[:0])", "np.arctan2(u.astype(np.int8), u)", "np.arctan2(u, 2)", "np.arctan2(u, 2.5)", "np.nextafter(m.astype(np.float16), np.float16(2))",
    "np.spacing(-m.astype(np.float16))", "u + 300", "u + (v[0] - 4)", "u * int(-1)", "np.clip(u, -1, 300)", "v ** -1", "v ** (v - 2)",
    "np.power(v, v)", "np.maximum(u, 300)", "v[:1] << 2 if v.any() else v", "np.max(m + 1j * m.T[:3, :1], axis=0)", "np.argmax(m * 1j)", "(m * 1j) > (m + 0j)", "m == None",
]  # fmt: skip
REFUSED = [
    "m.reshape(5, 5)", "m.reshape(5, -1)", "np.swapaxes(m, 0, 2)", "np.moveaxis(m, 3, 0)", "np.rot90(v)", "np.rot90(m, 1, (0, 0))", "np.broadcast_to(v, (4, 3))",
    "np.broadcast_arrays(v, v[:3])", "np.concatenate(())", "np.concatenate((m, m), dtype=np.bool_)", "m[[0, 1], [0, 1, 2]]", "np.searchsorted(m, 1)", "np.sort(v, kind='foo')",
    "np.linalg.multi_dot([m])", "np.array(m, copy=False, dtype=np.complex64)", "a.transpose(0, 0, 1)", "bool(v[:0])", "m.astype(np.int8, casting='safe')",
    "np.percentile(m[:0], 50)", "np.quantile(m * 1j, 0.5)", "np.stack(())", "np.take_along_axis(m, v, axis=0)", "m.reshape(3, 4, order='foo')",
]  # fmt: skip
TABLES = {
    "lists": LISTS, "writes": WRITES, "orders": ORDERS, "scalars": SCALARS, "functions": FUNCTIONS, "ufuncs": UFUNCS, "refused": REFUSED,
}  # fmt: skip


@pytest.mark.parametrize("arrays", ["plain", "small"])
@pytest.mark.parametrize("table", TABLES)
def test_as_numpy(table, arrays, tmp_path, full, rng):
    cases = TABLES[table]
    check(cases if full else rng.sample(cases, len(cases) // 2), arrays, tmp_path)


MESSAGES = [
    "m.reshape(5, 5)", "m.reshape(5, -1)", "np.swapaxes(m, 0, 2)", "np.broadcast_to(v, (4, 3))", "np.broadcast_arrays(v, v[:3])", "m[[0, 1], [0, 1, 2]]", "v ** -1", "u + 300",
    "np.array([[1, 2], [3]])", "m.item()", "np.linalg.multi_dot([m])", "np.copyto(v, m)", "bool(v[:0])", "np.add(m, 1, dtype=np.int8)", "-b", "b - b", "np.invert(m)", "m % 1j",
]  # fmt: skip


def test_messages_as_numpys(tmp_path):
    from numpy_cases import arguments

    for text in MESSAGES:
        names = {}
        path = tmp_path / "message.py"
        path.write_text(f"import numpy as np\n\n\ndef f(a, f, m, v, i, s, b, u):\n    return {text}\n")
        exec(compile(path.read_text(), str(path), "exec"), names)
        said = []
        for run in (names["f"], numir.njit(names["f"])):
            with pytest.raises(Exception) as error:
                run(*arguments("plain"))
            said.append(str(error.value))
        # What is found while compiling says where, too.
        assert said[0] in said[1], text


def test_places_that_are_named_twice():
    """`at` with every form of index; nothing is written where an index is out of range."""

    def several(a, m):
        np.add.at(a, [0, 1, 1, -1], [1.0, 2.0, 3.0, 4.0])
        np.multiply.at(m, ([0, 1, 1], [2, 3, 3]), 5)
        np.add.at(m, (slice(None), [0, 0]), 1)
        np.negative.at(m, m > 8)
        return a, m

    given = [np.arange(5.0), np.arange(12.0).reshape(3, 4)]
    for mine, numpys in zip(numir.njit(several)(*map(np.copy, given)), several(*map(np.copy, given)), strict=True):
        np.testing.assert_array_equal(mine, numpys)
    a = np.arange(3.0)
    with pytest.raises(IndexError):
        numir.njit(lambda a: np.add.at(a, [0, 9], 1))(a)
    np.testing.assert_array_equal(a, np.arange(3.0))


def test_what_is_assigned_to_an_integer():
    def assigned(a, x):
        a[0] = x
        return a

    for x in (2.9, -1.5):
        np.testing.assert_array_equal(
            numir.njit(assigned)(np.zeros(2, np.int32), x), assigned(np.zeros(2, np.int32), x)
        )
    for x, error in ((np.nan, ValueError), (np.inf, OverflowError)):
        with pytest.raises(error):
            numir.njit(assigned)(np.zeros(2, np.int32), float(x))


def test_halves_and_their_neighbours():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)

    def neighbours(x, y):
        return np.spacing(x), np.nextafter(x, y)

    with np.errstate(all="ignore"):
        for towards in (np.float16(np.inf), np.float16(-np.inf), np.float16(0)):
            y = np.full(halves.shape, towards)
            for mine, numpys in zip(numir.njit(neighbours)(halves, y), neighbours(halves, y), strict=True):
                np.testing.assert_array_equal(mine, numpys)


def test_records_that_are_chosen():
    packed = np.array([(1.5, 2, True), (-2.0, 7, False), (0.0, 5, True)], dtype=[("x", "f8"), ("n", "i4"), ("f", "?")])

    def chosen(r):
        return r[r["n"] > 3], r[[0, 2]], r[np.argsort(r["x"])], r["x"][r["f"]]

    def written(r):
        r["x"][r["f"]] = -1
        r[r["n"] > 5] = r[0]
        r[2] = (9.0, 8, False)
        r["x"] += r["x"][::-1]
        return r

    for function in (chosen, written):
        mine, numpys = numir.njit(function)(packed.copy()), function(packed.copy())
        for one, other in zip(mine, numpys, strict=True):
            np.testing.assert_array_equal(one, other)


def test_times_that_are_moved():
    days = np.array(["2000-01-31", "2001-02-28", "NaT"], "M8[D]")

    def moved(d):
        return (
            np.repeat(d, 2), np.roll(d, 1), np.tile(d, 2), np.take(d, [1, 0]), np.diff(d[:2]), np.insert(d, 1, d[0]), np.delete(d, 0),
            np.arange(np.datetime64("2005-02-01"), np.datetime64("2005-02-05")), np.array(["2007-07-13", "2006-01-13"], dtype="M8[s]"),
            np.sign(d[1:2] - d[:1]), np.add.accumulate(d[1:2] - d[:1]),
        )  # fmt: skip

    for mine, numpys in zip(numir.njit(moved)(days), moved(days), strict=True):
        assert mine.dtype == numpys.dtype
        np.testing.assert_array_equal(mine, numpys)
