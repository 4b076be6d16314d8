"""NumPy functions from the library: arange and linspace to the last bit, matrix products."""

import numpy as np
import pytest

from harness.matrix import Matrix, check
from library_values import check_errors

COUNT = 300


def verify(matrix, tmp_path, runner):
    found, _ = check(matrix, tmp_path, runner)
    assert not found, "\n\n".join(found[:20])


def test_ranges(tmp_path, runner, rng):
    matrix = Matrix("ranges")
    for _ in range(COUNT):
        start, stop = rng.uniform(-10, 10), rng.uniform(-10, 10)
        step = rng.choice((-1, 1)) * rng.uniform(0.05, 3)
        count = rng.randint(0, 30)
        whole = (rng.randint(-20, 20), rng.randint(-20, 20), rng.choice((-3, -1, 1, 2)))
        matrix.expression("a, b, c", "np.arange(a, b, c)", (start, stop, step))
        matrix.expression("a, b, c", "np.arange(a, b, c)", whole)
        matrix.expression("a, b", "np.arange(a, b)", whole[:2])
        matrix.expression("a", "np.arange(a)", (start,))
        matrix.expression("a, b", "np.arange(a, b, dtype=np.float32)", (start, stop))
        matrix.expression("a, b", "np.arange(a, b)", (np.float32(start), np.float32(stop)))
        matrix.expression("a, b, n", "np.linspace(a, b, n)", (start, stop, count))
        matrix.expression("a, b, n", "np.linspace(a, b, n)", (start, start, count))
        matrix.expression("a, b, n", "np.linspace(a, b, n, endpoint=False)", (start, stop, count))
        matrix.expression("a, b, n", "np.linspace(a, b, n, dtype=np.int64)", (start, stop, count))
        matrix.expression("a, b, n", "np.linspace(a, b, n)", (np.float32(start), np.float32(stop), count))
        matrix.expression("a, b", "np.linspace(a, b)", whole[:2])
        matrix.expression("a, b, n", "np.linspace(a, b, n)", (complex(start, stop), stop, count))
    verify(matrix, tmp_path, runner)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32", "complex128"])
def test_products(tmp_path, runner, rng, dtype):
    matrix = Matrix(f"products_{dtype}")
    for _ in range(40):
        m, k, n = (rng.randint(0, 6) for _ in range(3))
        a = np.array([[rng.randint(-9, 9) for _ in range(k)] for _ in range(m)], dtype).reshape(m, k)
        b = np.array([[rng.randint(-9, 9) for _ in range(n)] for _ in range(k)], dtype).reshape(k, n)
        x, y = np.array([rng.randint(-9, 9) for _ in range(k)], dtype), np.arange(k).astype(dtype)
        for pair in ((a, b), (a, x), (x, b), (x, y), (np.asfortranarray(a), b), (a[:, ::-1], x[::-1])):
            matrix.expression("a, b", "a @ b", pair, ulp=1)
            matrix.expression("a, b", "np.dot(a, b)", pair, ulp=1)
    matrix.expression("a, b", "a @ b", (np.ones((2, 3), dtype), np.ones((2, 3), dtype)))
    table, row = np.ones((2, 3), dtype), np.ones(5, dtype)
    for pair in ((table, table), (table, row), (row, table), (row, row[:2]), (table, row[0]), (3, row), (2, 5)):
        matrix.expression("a, b", "np.dot(a, b)", pair)
    matrix.expression("a, b", "a @ b", (np.ones(2, dtype), np.ones(3, dtype)))
    verify(matrix, tmp_path, runner)


def test_messages(tmp_path, runner):
    square, column = np.ones((2, 3)), np.ones(2)
    calls = [
        ("n", "np.linspace(0.0, 1.0, n)", (-1,)),
        ("a, b", "a @ b", (square, square)),
        ("a, b", "a @ b", (square, column)),
        ("a, b", "a @ b", (np.ones(3), column)),
        ("a, b", "np.arange(a, b, 0)", (1, 2)),
    ]
    check_errors(calls, tmp_path, runner)
