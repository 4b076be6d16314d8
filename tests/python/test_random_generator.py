"""numpy.random.Generator: made in compiled code, handed over, and used by name; what it alone can do."""

import pathlib
import subprocess
import sys
import threading

import numpy as np
import pytest
from numir import UnsupportedError, njit, prange, types

from random_cases import compare_generator, compare_legacy

GLOBAL = np.random.default_rng(5)

METHODS = [
    "random()",
    "random(5)",
    "random((2, 3))",
    "random(dtype=np.float32)",
    "random(1000, dtype=np.float32)",
    "random(out=np.empty(5))",
    "random(5, out=np.empty(5))",
    "random(4, out=np.empty(5))",
    "random(out=np.empty(5, np.float32))",
    "random(out=np.empty(10)[::2])",
    "random(3, dtype=np.int32)",
    "standard_normal(size=100000)",
    "standard_normal(size=100000, dtype=np.float32)",
    "standard_normal(out=np.empty((2, 3), np.float32), dtype=np.float32)",
    "standard_exponential(size=100000)",
    "standard_exponential(size=100000, dtype=np.float32)",
    "standard_exponential(100, method='inv')",
    "standard_exponential(out=np.empty(4), method='inv')",
    "standard_gamma(2.5, 100, dtype=np.float32)",
    "standard_gamma(1.0, 100, dtype=np.float32)",
    "standard_gamma(2.0, out=np.empty(3))",
    "standard_gamma(2.0, dtype=np.int32)",
    "integers(0, 100, 50, dtype=np.int8, endpoint=True)",
    "integers(-2**63, 2**63 - 1, 99, endpoint=True)",
    "integers(0, 0, endpoint=True)",
    "integers(0, -1, endpoint=True)",
    "integers(3, 2, endpoint=True)",
    "choice(np.arange(12).reshape(4, 3), 2)",
    "choice(np.arange(12).reshape(4, 3), 2, axis=1)",
    "choice(10, 5, False, shuffle=False)",
    "choice(20000, 5000, False, shuffle=False)",
    "choice(1000, 20, False, shuffle=False)",
    "permutation(np.arange(12).reshape(4, 3), axis=1)",
    "permuted(np.arange(10))",
    "permuted(np.arange(12).reshape(4, 3))",
    "permuted(np.arange(12).reshape(4, 3), axis=0)",
    "permuted(np.arange(12).reshape(4, 3), axis=1)",
    "permuted(np.arange(24).reshape(2, 3, 4), axis=1)",
    "multivariate_hypergeometric(np.array([10, 20, 30]), 15, method='marginals')",
    "multivariate_hypergeometric(np.array([10, 20, 30]), 45, 7, method='marginals')",
    "hypergeometric(10**9, 5, 3)",
    "negative_binomial(1.0, 0.0)",
    "negative_binomial(np.nan, 0.5)",
    "negative_binomial(1e10, 1e-300)",
    "dirichlet(np.array([0.0, 1.0]))",
]


@pytest.mark.parametrize("call", METHODS)
def test_methods(tmp_path, call):
    compare_generator(tmp_path, f"rng.{call}", count=2)


@pytest.mark.parametrize("method", ["cholesky", "eigh", "svd"])
def test_multivariate_normal(method):
    mean, spread = np.array([1.0, -1.0]), np.array([[2.0, 0.6], [0.6, 1.0]])

    @njit
    def draw(rng, mean, spread, n):
        return rng.multivariate_normal(mean, spread, n, method=method)

    drawn = draw(np.random.default_rng(3), mean, spread, 20000)
    if method == "cholesky":
        expected = np.random.default_rng(3).multivariate_normal(mean, spread, 20000, method=method)
        np.testing.assert_allclose(drawn, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=0.05)
    np.testing.assert_allclose(np.cov(drawn.T), spread, atol=0.05)


@pytest.mark.parametrize(
    "seed",
    [
        "0",
        "1",
        "42",
        "2**31",
        "2**32",
        "2**40 + 7",
        "2**62",
        "-1",
        "np.array([1, 2, 3])",
        "(1, 2)",
        "np.array([1, 2], np.uint32)",
    ]
    + ["np.array([2**40, 5])", "np.arange(10)"],
)
def test_seeds(tmp_path, seed):
    compare_legacy(tmp_path, f"np.random.default_rng({seed}).random(3)", count=1)


def test_without_a_seed():
    @njit
    def draw():
        return np.random.default_rng().random(4), np.random.default_rng(None).random(4)

    assert len(np.unique(np.concatenate(draw() + draw()))) == 16


@njit
def normals(rng, n):
    return rng.normal(0.0, 1.0, n)


@njit
def passed_on(rng, n):
    first = normals(rng, n)
    same = np.random.default_rng(rng)
    return first, same.integers(1000), normals(same, n)


@pytest.mark.parametrize("bits", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_bit_generator(bits):
    ours, theirs = (np.random.Generator(getattr(np.random, bits)(3)) for _ in range(2))
    for _ in range(3):
        first, number, second = passed_on(ours, 5)
        np.testing.assert_array_equal(first, theirs.normal(0.0, 1.0, 5))
        assert number == theirs.integers(1000)
        np.testing.assert_array_equal(second, theirs.normal(0.0, 1.0, 5))
    # The object's own state has gone on.
    assert ours.random() == theirs.random()


def all_kinds(rng, out):
    """Draws of 64 and of 32 bits in turn."""
    for i in range(out.shape[0]):
        out[i, 0] = rng.random()
        out[i, 1] = rng.standard_normal()
        out[i, 2] = rng.standard_exponential()
        out[i, 3] = rng.integers(0, 1000)
        out[i, 4] = rng.uniform(-2.0, 3.0)
        if out[i, 0] < 0.3:
            out[i, 5] = rng.standard_normal(dtype=np.float32)
            out[i, 6] = rng.integers(0, 2**40)


@pytest.mark.parametrize("bits", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_draws_in_loops(bits):
    # So many that the ziggurat's unsure positions and its tail are met.
    compiled = njit(all_kinds)
    ours, theirs = (np.random.Generator(getattr(np.random, bits)(8)) for _ in range(2))
    for _ in range(2):
        got, wanted = np.zeros((20000, 7)), np.zeros((20000, 7))
        compiled(ours, got)
        all_kinds(theirs, wanted)
        np.testing.assert_array_equal(got, wanted)
        # Between calls Python draws on.
        assert ours.random() == theirs.random()
        np.testing.assert_array_equal(ours.standard_normal(5), theirs.standard_normal(5))
    assert abs(wanted[:, 1]).max() > 3.6541528853610088 and wanted[:, 2].max() > 7.6971174701310499


def test_draws_in_loops_from_what_compiled_code_has_made():
    @njit
    def drawn(count):
        out = np.zeros((count, 7))
        for seed in range(3):
            rng = np.random.default_rng(seed)
            all_kinds(rng, out)
        return out

    wanted = np.zeros((3000, 7))
    for seed in range(3):
        all_kinds(np.random.default_rng(seed), wanted)
    np.testing.assert_array_equal(drawn(3000), wanted)


def test_a_draw_in_a_loop_is_no_call():
    @njit
    def total(rng, n):
        total = 0.0
        for _ in range(n):
            total += rng.random()
        return total

    assert total(np.random.default_rng(4), 1000) == sum(np.random.default_rng(4).random(1000).tolist())
    text = str(total.inspect("llvm-ir"))
    assert "mul nuw i128" in text or "mul i128" in text
    # Where the state is, is asked before the loop.
    assert text.index("@numir_generator_place(i64 %") < text.index("phi i64")


def test_by_name():
    local = np.random.default_rng(6)

    @njit
    def draw():
        return GLOBAL.random(), local.integers(100), GLOBAL.random()

    expected, other = np.random.default_rng(5), np.random.default_rng(6)
    for _ in range(2):
        assert draw() == (expected.random(), other.integers(100), expected.random())


def test_in_tuples_and_as_options():
    @njit
    def draw(pair, rng=None):
        if rng is None:
            rng = np.random.default_rng(1)
        chosen = pair[0] if rng.random() < 2.0 else rng
        return chosen.random() + pair[1].random()

    ours, theirs = np.random.default_rng(2), np.random.default_rng(2)
    assert draw((ours, ours)) == theirs.random() + theirs.random()
    assert draw((ours, ours), ours) != draw((ours, ours), ours)


def test_shuffle():
    @njit
    def shuffled(rng):
        line, rows, columns = np.arange(10), np.arange(12).reshape(4, 3), np.arange(12).reshape(3, 4)
        rng.shuffle(line)
        rng.shuffle(rows)
        rng.shuffle(columns, axis=1)
        return line, rows, columns

    for got, expected in zip(shuffled(np.random.default_rng(3)), shuffled.py_func(np.random.default_rng(3))):
        np.testing.assert_array_equal(got, expected)


@njit
def many(rng, n):
    total = 0.0
    for _ in range(n):
        total += rng.random()
    return total


def test_threads_take_turns():
    ours, theirs = np.random.default_rng(9), np.random.default_rng(9)
    threads = [threading.Thread(target=many, args=(ours, 200_000)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    theirs.random(800_000)
    assert ours.bit_generator.state == theirs.bit_generator.state


def test_the_lock_is_let_go_after_an_error():
    @njit
    def fails(rng):
        return rng.normal(0.0, -1.0)

    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="scale < 0"):
        fails(rng)
    taken = []
    thread = threading.Thread(target=lambda: taken.append(rng.bit_generator.lock.acquire(timeout=5)))
    thread.start()
    thread.join()
    assert taken == [True]


def test_iterations_have_generators_of_their_own():
    @njit(parallel=True)
    def draw(n):
        out = np.empty(n)
        for i in prange(n):
            rng = np.random.default_rng((7, i))
            out[i] = normals(rng, 1)[0]
        return out

    np.testing.assert_array_equal(draw(20), [np.random.default_rng((7, i)).normal() for i in range(20)])


@njit
def from_global():
    return GLOBAL.random()


def test_iterations_do_not_share_a_generator():
    @njit(parallel=True)
    def direct(rng, n):
        out = np.empty(n)
        for i in prange(n):
            out[i] = rng.random()
        return out

    @njit(parallel=True)
    def handed_on(rng, n):
        out = np.empty(n)
        for i in prange(n):
            out[i] = normals(rng, 1)[0]
        return out

    @njit(parallel=True)
    def enclosed(rng, n):
        def inner():
            return rng.random()

        out = np.empty(n)
        for i in prange(n):
            out[i] = inner()
        return out

    @njit(parallel=True)
    def by_name(n):
        out = np.empty(n)
        for i in prange(n):
            out[i] = GLOBAL.random()
        return out

    @njit(parallel=True)
    def called(n):
        out = np.empty(n)
        for i in prange(n):
            out[i] = from_global()
        return out

    for function, arguments in ((direct, 1), (handed_on, 1), (enclosed, 1), (by_name, 0), (called, 0)):
        with pytest.raises(UnsupportedError, match="would all draw from the Generator"):
            function(*[np.random.default_rng(1)] * arguments, 5)


def test_what_is_not_there():
    @njit
    def returned():
        return np.random.default_rng(1)

    with pytest.raises(UnsupportedError, match="returns a Generator"):
        returned()
    with pytest.raises(TypeError, match="no attribute 'spawn'"):
        njit(lambda rng: rng.spawn(2))(np.random.default_rng(1))


def test_the_strips_are_those_of_numpy():
    root = pathlib.Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, root / "scripts" / "ziggurat.py", "--check"]).returncode == 0


def test_types():
    assert types.npy_rng == types.of_spelling("Generator")

    @njit("float64(npy_rng)")
    def declared(rng):
        return rng.random()

    assert declared(np.random.default_rng(4)) == np.random.default_rng(4).random()
    with pytest.raises(TypeError):
        declared(1.5)
