"""numpy.linalg: decompositions of matrices and of stacks of them."""

import numpy as np
from _matrices import failed, inexact, number_kind, square, stacked
from numir.intrinsics import call_runtime, constant, kind, named


def cholesky(a, /, *, upper: constant = False):
    array = np.asarray(a)
    square(array)
    result = stacked(array)
    for i in range(len(result)):
        n = result.shape[1]
        if failed(call_runtime("matrix_cholesky", number_kind(result.dtype), result[i], n, 1 if upper else 0)):
            raise np.linalg.LinAlgError("Matrix is not positive definite")
    return result.reshape(array.shape)


def qr(a, mode: constant = "reduced"):
    array = np.asarray(a)
    if array.ndim < 2:
        raise np.linalg.LinAlgError(f"{array.ndim}-dimensional array given. Array must be at least two-dimensional")
    if mode == "reduced":
        q, r = _factors(array, min(array.shape[-2], array.shape[-1]))
        return named("QRResult", q, r)
    if mode == "complete":
        q, r = _factors(array, array.shape[-2])
        return named("QRResult", q, r)
    if mode == "r":
        return _factors(array, 0)[1]
    if mode == "raw":
        raise NotImplementedError("qr in the mode 'raw'")
    raise ValueError(f"Unrecognized mode '{mode}'")


def _factors(array, columns: int):
    """Both factors, the first with so many columns; with none the second has as many rows as it needs."""
    stack = stacked(array)
    count, m, n = stack.shape
    rows = columns if columns > 0 else min(m, n)
    q = np.empty((count, m, columns), stack.dtype)
    r = np.empty((count, rows, n), stack.dtype)
    for i in range(count):
        if m > 0 and n > 0:
            failed(call_runtime("matrix_qr", number_kind(stack.dtype), stack[i], m, n, q[i], r[i], columns))
        else:
            for j in range(columns):
                q[i, j] = 0
                q[i, j, j] = 1
    outer = array.shape[:-2]
    return q.reshape(outer + (m, columns)), r.reshape(outer + (rows, n))


def svd(a, full_matrices: constant = True, compute_uv: constant = True, hermitian: constant = False):
    array = np.asarray(a)
    if array.ndim < 2:
        raise np.linalg.LinAlgError(f"{array.ndim}-dimensional array given. Array must be at least two-dimensional")
    if hermitian and compute_uv:
        raise NotImplementedError("svd of Hermitian matrices by their eigenvectors")
    if hermitian:
        return _magnitudes(array)
    stack = stacked(array)
    count, m, n = stack.shape
    size, outer = min(m, n), array.shape[:-2]
    s = np.empty((count, size), stack.real.dtype)
    if not compute_uv:
        for i in range(count):
            _svd(stack[i], s[i], stack[i], stack[i], 0)
        return s.reshape(outer + (size,))
    left, right = (m, n) if full_matrices else (size, size)
    u = np.empty((count, m, left), stack.dtype)
    vh = np.empty((count, right, n), stack.dtype)
    for i in range(count):
        _svd(stack[i], s[i], u[i], vh[i], 2 if full_matrices else 1)
    return named("SVDResult", u.reshape(outer + (m, left)), s.reshape(outer + (size,)), vh.reshape(outer + (right, n)))


def _svd(matrix, s, u, vh, vectors: int):
    m, n = matrix.shape
    if failed(call_runtime("matrix_svd", number_kind(matrix.dtype), matrix, m, n, s, u, vh, vectors)):
        raise np.linalg.LinAlgError("SVD did not converge")


def svdvals(x, /):
    return svd(x, compute_uv=False)


def _magnitudes(array):
    """The singular values of Hermitian matrices: the magnitudes of their eigenvalues, the largest first."""
    return np.sort(np.abs(eigvalsh(array)))[..., ::-1]


def eigh(a, UPLO: constant = "L"):
    array = np.asarray(a)
    w, v = _hermitian(array, UPLO, True)
    return named("EighResult", w.reshape(array.shape[:-1]), v.reshape(array.shape))


def eigvalsh(a, UPLO: constant = "L"):
    array = np.asarray(a)
    return _hermitian(array, UPLO, False)[0].reshape(array.shape[:-1])


def _hermitian(array, triangle: constant, vectors: constant):
    square(array)
    if triangle not in ("L", "U", "l", "u"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    stack = stacked(array)
    count, n, _ = stack.shape
    w = np.empty((count, n), stack.real.dtype)
    upper = 1 if triangle in ("U", "u") else 0
    for i in range(count):
        number = number_kind(stack.dtype)
        matrix = stack[i]
        if failed(call_runtime("matrix_eigh", number, matrix, n, w[i], matrix, upper, 1 if vectors else 0)):
            raise np.linalg.LinAlgError("Eigenvalues did not converge")
    return w, stack


def eig(a):
    array = np.asarray(a)
    w, v = _general(array, True)
    if kind(inexact(array)(0)) == "complex":
        return named("EigResult", w.reshape(array.shape[:-1]), v.reshape(array.shape))
    if np.any(w.imag != 0):
        raise ValueError("eig() argument must not cause a domain change.")
    values, vectors = np.copy(w.real), np.copy(v.real)
    return named("EigResult", values.reshape(array.shape[:-1]), vectors.reshape(array.shape))


def eigvals(a):
    array = np.asarray(a)
    w = _general(array, False)[0]
    if kind(inexact(array)(0)) == "complex":
        return w.reshape(array.shape[:-1])
    if np.any(w.imag != 0):
        raise ValueError("eigvals() argument must not cause a domain change.")
    return np.copy(w.real).reshape(array.shape[:-1])


def _general(array, vectors: constant):
    """Eigenvalues and eigenvectors as complex numbers."""
    square(array)
    stack = stacked(array)
    if not np.all(np.isfinite(stack)):
        raise np.linalg.LinAlgError("Array must not contain infs or NaNs")
    count, n, _ = stack.shape
    wanted = np.result_type(stack, np.complex64)
    w = np.empty((count, n), wanted)
    v = np.empty((count, n, n) if vectors else (count, 0, 0), wanted)
    for i in range(count):
        number = number_kind(stack.dtype)
        if failed(call_runtime("matrix_eig", number, stack[i], n, w[i], v[i], 1 if vectors else 0)):
            raise np.linalg.LinAlgError("Eigenvalues did not converge")
    return w, v
