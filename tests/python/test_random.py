"""Random numbers: those of NumPy and Python for the same seed, and streams of their own for the iterations of parallel loops."""

import random

import numpy as np
import pytest
from numir import get_num_threads, njit, prange, set_num_threads

DRAWS = {
    "random": lambda: np.random.random(),
    "rand": lambda: np.random.rand(),
    "random_sample": lambda: np.random.random_sample(),
    "uniform": lambda: np.random.uniform(-2.5, 7.0),
    "normal": lambda: np.random.normal(1.0, 2.0),
    "standard_normal": lambda: np.random.standard_normal(),
    "randn": lambda: np.random.randn(),
    "lognormal": lambda: np.random.lognormal(0.5, 0.25),
    "exponential": lambda: np.random.exponential(3.0),
    "standard_exponential": lambda: np.random.standard_exponential(),
    "randint": lambda: np.random.randint(10),
    "randint_range": lambda: np.random.randint(-5, 1000),
    "randint_one": lambda: np.random.randint(3, 4),
    "randint_wide": lambda: np.random.randint(0, 2**40),
    "choice": lambda: np.random.choice(7),
    "python_random": lambda: random.random(),
    "python_uniform": lambda: random.uniform(2, 5.5),
    "python_randint": lambda: random.randint(-3, 12),
    "python_randrange": lambda: random.randrange(3, 100, 7),
    "python_getrandbits": lambda: random.getrandbits(45),
    "python_gauss": lambda: random.gauss(1.0, 2.0),
    "python_normalvariate": lambda: random.normalvariate(1.0, 2.0),
    "python_expovariate": lambda: random.expovariate(0.5),
    "python_triangular": lambda: random.triangular(1.0, 4.0, 2.0),
    "python_paretovariate": lambda: random.paretovariate(3.0),
    "python_weibullvariate": lambda: random.weibullvariate(1.0, 1.5),
}


@njit
def seed_both(seed):
    np.random.seed(seed)
    random.seed(seed)


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
def test_the_numbers_are_those_of_python(name, seed):
    draw = DRAWS[name]
    compiled = njit(draw)
    np.random.seed(seed)
    random.seed(seed)
    seed_both(seed)
    for _ in range(50):
        got, expected = compiled(), draw()
        assert got == pytest.approx(expected, rel=4e-16, abs=0)


ARRAYS = {
    "random": lambda: np.random.random(5),
    "rand": lambda: np.random.rand(2, 3),
    "normal": lambda: np.random.normal(0.0, 1.0, (3, 2)),
    "randn": lambda: np.random.randn(7),
    "uniform": lambda: np.random.uniform(1.0, 2.0, 4),
    "randint": lambda: np.random.randint(0, 100, 20),
    "exponential": lambda: np.random.exponential(1.0, (2, 2)),
    "permutation": lambda: np.random.permutation(20),
    "choice": lambda: np.random.choice(30, 12),
    "choice_unique": lambda: np.random.choice(30, 12, replace=False),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays(name):
    np.random.seed(7)
    seed_both(7)
    got, expected = njit(ARRAYS[name])(), ARRAYS[name]()
    np.testing.assert_allclose(got, expected, rtol=4e-16)
    assert got.dtype == expected.dtype


@pytest.mark.parametrize("shape", [(17,), (6, 3), (0,), (1,)], ids=str)
def test_shuffle(shape):
    @njit
    def f(a):
        np.random.shuffle(a)

    a = np.arange(np.prod(shape)).reshape(shape)
    b = a.copy()
    np.random.seed(3)
    seed_both(3)
    f(a)
    np.random.shuffle(b)
    np.testing.assert_array_equal(a, b)


def test_python_shuffle_and_choice():
    @njit
    def f(a):
        random.shuffle(a)
        return random.choice(a)

    a = np.arange(20)
    items = list(range(20))
    random.seed(5)
    seed_both(5)
    chosen = f(a)
    random.shuffle(items)
    assert a.tolist() == items
    assert chosen == random.choice(items)


def test_the_names_by_themselves():
    from random import random as python_random

    from numpy.random import rand, seed

    @njit
    def f():
        seed(11)
        return rand(), python_random()

    np.random.seed(11)
    assert f()[0] == np.random.rand()
    assert 0 <= f()[1] < 1


@pytest.mark.parametrize("bad", [-1, 2**32])
def test_bad_seeds(bad):
    with pytest.raises(ValueError, match="Seed must be between"):
        seed_both(bad)


def test_bad_arguments():
    for function in (
        lambda: np.random.randint(0),
        lambda: np.random.randint(5, 5),
        lambda: np.random.normal(0.0, -1.0),
        lambda: random.randrange(0),
        lambda: np.random.choice(3, 4, replace=False),
    ):
        with pytest.raises(ValueError):
            njit(function)()
        with pytest.raises(ValueError):
            function()


@njit
def helper():
    return np.random.random()


@njit(parallel=True)
def drawn(n, seed):
    np.random.seed(seed)
    out = np.empty((n, 3))
    for i in prange(n):
        for j in range(2):
            out[i, j] = helper()
        out[i, 2] = np.random.standard_normal()
    return out, np.random.random()


def test_parallel_loops_do_not_depend_on_threads():
    before = get_num_threads()
    try:
        results = []
        for threads in (1, before):
            set_num_threads(threads)
            results.append(drawn(1000, 9))
        (one, after_one), (two, after_two) = results
        np.testing.assert_array_equal(one, two)
        assert after_one == after_two
    finally:
        set_num_threads(before)
    other, _ = drawn(1000, 10)
    assert not np.array_equal(one, other)
    assert len(np.unique(one[:, :2])) == 2000
    assert abs(one[:, :2].mean() - 0.5) < 0.03
    assert abs(one[:, 2].std() - 1) < 0.1


def test_two_loops_have_other_numbers():
    @njit(parallel=True)
    def f(n):
        first, second = np.empty(n), np.empty(n)
        for i in prange(n):
            first[i] = random.random()
        for i in prange(n):
            second[i] = random.random()
        return first, second

    first, second = f(500)
    assert len(np.unique(np.concatenate((first, second)))) == 1000


def test_nested_parallel_loops():
    @njit(parallel=True)
    def f(n):
        np.random.seed(1)
        out = np.empty((n, n))
        for i in prange(n):
            out[i, 0] = np.random.random()
            for j in prange(1, n):
                out[i, j] = np.random.random()
        return out

    first = f(20)
    np.testing.assert_array_equal(first, f(20))
    assert len(np.unique(first)) == 400


def test_monte_carlo():
    @njit(parallel=True)
    def pi(n):
        inside = 0
        for _ in prange(n):
            x, y = random.random(), random.random()
            inside += x * x + y * y < 1
        return 4 * inside / n

    assert abs(pi(1_000_000) - np.pi) < 0.01
