"""Products of matrices as NumPy's, of all dtypes, layouts, numbers of axes and sizes on both sides of the limit of the runtime's."""

import numir
import numpy as np
import pytest
from numir import njit

from harness.matrices import made, variants

DTYPES = ["float64", "float32", "complex128", "complex64", "int64", "int8", "bool"]
SHAPES = [
    ((3, 4), (4, 5)),
    ((40, 50), (50, 30)),
    ((4,), (4, 5)),
    ((3, 4), (4,)),
    ((300,), (300, 20)),
    ((200, 300), (300,)),
    ((103, 21), (21,)),
    ((501, 4), (4,)),
    ((700,), (700, 21)),
    ((1000,), (1000, 3)),
    ((70,), (70, 150)),
    ((5,), (5,)),
    ((1000,), (1000,)),
    ((0, 4), (4, 5)),
    ((3, 0), (0, 5)),
    ((3, 4), (4, 0)),
    ((2, 3, 4), (4, 5)),
    ((2, 3, 0), (0, 5)),
    ((2, 0, 3), (3,)),
    ((2, 3, 4), (2, 4, 5)),
    ((1, 3, 4), (6, 4, 5)),
    ((3, 1, 20, 30), (2, 30, 20)),
    ((4,), (2, 4, 5)),
    ((2, 3, 4), (4,)),
]


@pytest.fixture
def draws(rng):
    """Random numbers."""
    return np.random.default_rng(rng.getrandbits(32))


def product(a, b):
    return a @ b


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_matmul(dtype, shapes, rng):
    compiled = njit(product)
    left, right = (made(shape, dtype, seed) for seed, shape in enumerate(shapes))
    expected = left @ right
    a, b = rng.choice(variants(left)), rng.choice(variants(right))
    for x, y in ((left, right), (a, b)):
        found = compiled(x, y)
        assert np.ndim(expected) == 0 or found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-5 if expected.dtype.itemsize == 4 else 1e-12)


@pytest.mark.parametrize("name", ["matmul", "dot", "vecdot", "inner", "vdot"])
def test_float16_is_added_up_as_float32(name, draws):
    """Sums in float16 would be off by 20 times as much."""
    shapes = ((400,), (400,)) if name in ("vecdot", "vdot") else ((5, 400), (7, 400) if name == "inner" else (400, 7))
    a, b = (draws.random(shape).astype(np.float16) for shape in shapes)
    function = getattr(np, name)
    found = njit(lambda a, b: function(a, b))(a, b)
    np.testing.assert_allclose(found, function(a.astype(np.float64), b.astype(np.float64)), rtol=2**-10)


@pytest.mark.parametrize("shapes", [s for s in SHAPES if len(s[0]) <= 2 and len(s[1]) <= 2], ids=str)
def test_dot(shapes):
    left, right = (made(shape, "float64", seed) for seed, shape in enumerate(shapes))
    np.testing.assert_allclose(njit(lambda a, b: np.dot(a, b))(left, right), np.dot(left, right))


def test_dot_of_many_axes_and_of_numbers():
    a, b = made((2, 3, 4), "float64", 1), made((5, 4, 2), "float64", 2)
    np.testing.assert_allclose(njit(lambda a, b: np.dot(a, b))(a, b), np.dot(a, b))
    np.testing.assert_allclose(njit(lambda a, b: np.dot(a, b))(a, b[0, :, 0]), np.dot(a, b[0, :, 0]))
    np.testing.assert_allclose(njit(lambda a: np.dot(a, 2.5))(a), np.dot(a, 2.5))
    assert njit(lambda x: np.dot(x, 3))(2) == 6


def test_mixed_dtypes():
    a, b = made((20, 30), "float32", 1), made((30, 20), "int64", 2)
    found = njit(product)(a, b)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, a @ b)


def test_out():
    @njit
    def run(a, b, out):
        np.matmul(a, b, out=out)
        return np.dot(a, b, out) is not None

    a, b, out = made((20, 30), "float64", 1), made((30, 20), "float64", 2), np.zeros((20, 20))
    assert run(a, b, out)
    np.testing.assert_allclose(out, a @ b)


def test_the_result_may_be_an_operand():
    @njit
    def run(a):
        a[:] = a @ a
        a @= a
        return a

    a = made((20, 20), "float64", 1)
    np.testing.assert_allclose(run(a.copy()), (a @ a) @ (a @ a))


def test_in_place_by_a_vector():
    @njit
    def run(a, b):
        a @= b

    with pytest.raises(ValueError, match="at least two dimensions"):
        run(np.ones(2), np.ones(2))


def test_vectors_of_matrices():
    @njit
    def run(a, x, y):
        return np.vecdot(a, x), np.matvec(a, x), np.vecmat(y, a)

    a, x, y = made((2, 3, 4), "complex128", 1), made((4,), "complex128", 2), made((3,), "complex128", 3)
    for found, expected in zip(run(a, x, y), run.py_func(a, x, y), strict=True):
        np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(
    "shapes", [((3, 4), (3, 4)), ((3,), (4, 2)), ((2, 3), (4,)), ((3,), (4,)), ((2, 3, 4), (3, 4, 5))]
)
def test_wrong_shapes(shapes):
    left, right = (made(shape, "float64", seed) for seed, shape in enumerate(shapes))
    with pytest.raises(ValueError):
        left @ right
    with pytest.raises(ValueError, match="matmul|broadcast"):
        njit(product)(left, right)


def test_numbers_are_no_matrices():
    with pytest.raises((ValueError, numir.errors.TypingError)):
        njit(lambda a: np.matmul(a, 2.0))(np.ones((2, 2)))


def test_threads_at_once():
    """The runtime's products do not get into each other's way."""
    import concurrent.futures

    compiled = numir.njit(nogil=True)(product)
    a = made((120, 130), "float64", 1)
    expected = a @ a.T
    compiled(a, a.T)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: compiled(a, a.T), range(40)):
            np.testing.assert_array_equal(found, compiled(a, a.T))
    np.testing.assert_allclose(compiled(a, a.T), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_threads_share_a_product_to_the_bit(dtype):
    """What a product comes to does not depend on who computes it."""
    rng = np.random.default_rng(5)
    alone, shared = numir.njit(product), numir.njit(parallel=True)(product)
    before = numir.get_num_threads()
    try:
        for rows, depth, columns in [(65, 65, 65), (300, 170, 33), (40, 500, 211), (1, 900, 900), (900, 900, 1)]:
            a, b = rng.standard_normal((rows, depth)).astype(dtype), rng.standard_normal((depth, columns)).astype(dtype)
            for left, right in [(a, b), (np.asfortranarray(a), b[:, ::-1])]:
                expected = alone(left, right)
                for threads in range(before, 0, -1):
                    numir.set_num_threads(threads)
                    assert shared(left, right).tobytes() == expected.tobytes()
                numir.set_num_threads(before)
    finally:
        numir.set_num_threads(before)
