"""numpy.linalg and products of matrices: against NumPy, decompositions by what they multiply to."""

import numir
import numpy as np
import pytest

DTYPES = ["float32", "float64", "complex64", "complex128"]


def numbers(shape, dtype, seed=1):
    generator = np.random.default_rng(seed)
    result = generator.standard_normal(shape)
    return (result + 1j * generator.standard_normal(shape) if dtype.startswith("complex") else result).astype(dtype)


def definite(n, dtype):
    a = numbers((n, n), dtype)
    return a @ a.conj().T + n * np.eye(n, dtype=dtype)


def close(found, wanted, dtype="float64"):
    tolerance = 1e-3 if dtype in ("float32", "complex64") else 1e-9
    assert np.shape(found) == np.shape(wanted)
    # Numbers of any type arrive as Python's; arrays keep theirs.
    assert np.ndim(found) == 0 or found.dtype == wanted.dtype
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


def layouts(a):
    wide = np.zeros((2 * a.shape[0], 3 * a.shape[1]), a.dtype)
    wide[::2, ::3] = a
    return [a, np.asfortranarray(a), wide[::2, ::3], a[::-1, ::-1].copy()[::-1, ::-1]]


@numir.njit
def product(a, b):
    return a @ b


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(17, 17, 17), (3, 40, 5), (65, 1, 33), (20, 0, 4), (0, 20, 4)])
def test_products(dtype, shape):
    rows, depth, columns = shape
    for a in layouts(numbers((rows, depth), dtype)):
        for b in layouts(numbers((depth, columns), dtype, 2)):
            close(product(a, b), a @ b, dtype)


EXPRESSIONS = {
    "solve": lambda a: np.linalg.solve(a, a[0]),
    "solve_matrix": lambda a: np.linalg.solve(a, a[:, :2]),
    "inv": lambda a: np.linalg.inv(a),
    "det": lambda a: np.linalg.det(a),
    "slogdet": lambda a: np.linalg.slogdet(a),
    "cholesky": lambda a: np.linalg.cholesky(a),
    "cholesky_upper": lambda a: np.linalg.cholesky(a, upper=True),
    "svdvals": lambda a: np.linalg.svdvals(a[:, :3]),
    "eigvalsh": lambda a: np.linalg.eigvalsh(a),
    "eigvalsh_upper": lambda a: np.linalg.eigvalsh(a, UPLO="U"),
    "pinv": lambda a: np.linalg.pinv(a[:, :3]),
    "power": lambda a: np.linalg.matrix_power(a / 10, 3),
    "negative_power": lambda a: np.linalg.matrix_power(a, -2),
    "multi_dot": lambda a: np.linalg.multi_dot((a, a[:, :2], a[:2])),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_values(name, dtype):
    function = EXPRESSIONS[name]
    compiled = numir.njit(function)
    for a in layouts(definite(5, dtype)):
        found, wanted = compiled(a), function(a)
        pairs = zip(found, wanted, strict=True) if isinstance(found, tuple) else [(found, wanted)]
        for one, other in pairs:
            close(one, other, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (2, 3, 4)])
def test_decompositions(dtype, shape):
    a = numbers(shape, dtype)
    q, r = numir.njit(lambda a: np.linalg.qr(a))(a)
    close(q @ r, a, dtype)
    assert [q.shape, r.shape] == [item.shape for item in np.linalg.qr(a)]
    q, r = numir.njit(lambda a: np.linalg.qr(a, mode="complete"))(a)
    close(q @ r, np.broadcast_to(a, a.shape), dtype)
    u, s, vh = numir.njit(lambda a: np.linalg.svd(a, full_matrices=False))(a)
    close((u * s[..., None, :]) @ vh, a, dtype)
    close(s, np.linalg.svd(a, compute_uv=False), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_eigenvectors(dtype):
    a = definite(6, dtype)
    for function in (lambda a: np.linalg.eigh(a), lambda a: np.linalg.eig(a)):
        w, v = numir.njit(function)(a)
        close(a @ v, (v * w).astype(a.dtype), dtype)
        close(np.sort(w.real), np.linalg.eigvalsh(a), dtype)


WRONG = [
    (lambda a: np.linalg.inv(a), np.zeros((3, 3)), "Singular matrix"),
    (lambda a: np.linalg.solve(a, a), np.zeros((3, 3)), "Singular matrix"),
    (lambda a: np.linalg.cholesky(a), -np.eye(3), "Matrix is not positive definite"),
    (lambda a: np.linalg.det(a), np.zeros((3, 2)), "Last 2 dimensions of the array must be square"),
]


@pytest.mark.parametrize("function, a, message", WRONG)
def test_wrong(function, a, message):
    for run in (numir.njit(function), function):
        with pytest.raises(np.linalg.LinAlgError, match=message):
            run(a)


def test_complex_eigenvalues_of_real_matrices():
    with pytest.raises(ValueError, match="domain change"):
        numir.njit(lambda a: np.linalg.eigvals(a))(np.array([[0.0, 1.0], [-1.0, 0.0]]))
