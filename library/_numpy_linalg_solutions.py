"""numpy.linalg: systems of equations, inverses, determinants, and what is computed from singular values."""

import numpy as np
from _matrices import epsilon, failed, inexact, number_kind, square, stacked
from _numpy_linalg_decompositions import svd
from numir.intrinsics import call_runtime, constant, kind, named, result_type


def solve(a, b):
    x, y = np.asarray(a), np.asarray(b)
    square(x)
    if y.ndim == 1:
        if len(y) != x.shape[-1]:
            raise ValueError(
                "solve1: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                f"(m,m),(m)->(m) (size {len(y)} is different from {x.shape[-1]})"
            )
        return _solved(x, np.broadcast_to(y.reshape((len(y), 1)), x.shape[:-2] + (len(y), 1)))[..., 0]
    outer = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    return _solved(
        np.broadcast_to(x, outer + (x.shape[-2], x.shape[-1])), np.broadcast_to(y, outer + (y.shape[-2], y.shape[-1]))
    )


def _solved(a, b):
    wanted = result_type(inexact(a), inexact(b))
    matrices, result = stacked(np.asarray(a, wanted)), stacked(np.asarray(b, wanted))
    count, n, columns = result.shape
    if matrices.shape[1] != n:
        raise ValueError(
            "solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(m,m),(m,n)->(m,n) (size {n} is different from {matrices.shape[1]})"
        )
    for i in range(count):
        if failed(call_runtime("matrix_solve", number_kind(wanted), matrices[i], result[i], n, columns)):
            raise np.linalg.LinAlgError("Singular matrix")
    return result.reshape(b.shape)


def inv(a):
    array = np.asarray(a)
    square(array)
    matrices = stacked(array)
    count, n, _ = matrices.shape
    result = np.zeros(matrices.shape, matrices.dtype)
    for i in range(count):
        for j in range(n):
            result[i, j, j] = 1
        if failed(call_runtime("matrix_solve", number_kind(result.dtype), matrices[i], result[i], n, n)):
            raise np.linalg.LinAlgError("Singular matrix")
    return result.reshape(array.shape)


def _diagonals(array):
    """Rows of numbers whose products are the determinants."""
    square(array)
    matrices = stacked(array)
    count, n, _ = matrices.shape
    result = np.empty((count, n), matrices.dtype)
    for i in range(count):
        failed(call_runtime("matrix_diagonal", number_kind(result.dtype), matrices[i], result[i], n))
    return result


def det(a):
    array = np.asarray(a)
    products = np.prod(_diagonals(array), axis=1)
    return products[0] if array.ndim == 2 else products.reshape(array.shape[:-2])


def slogdet(a):
    array = np.asarray(a)
    items = _diagonals(array)
    sizes = np.abs(items)
    signs = np.empty(len(items), items.dtype)
    logarithms = np.zeros(len(items), sizes.dtype)
    for i in range(len(items)):
        sign = items.dtype(1)
        for j in range(items.shape[1]):
            size = sizes[i, j]
            sign = sign * _sign(items[i, j], size)
            logarithms[i] += np.log(size) if size != 0 else sizes.dtype(-np.inf)
        signs[i] = sign
    if array.ndim == 2:
        return named("SlogdetResult", signs[0], logarithms[0])
    outer = array.shape[:-2]
    return named("SlogdetResult", signs.reshape(outer), logarithms.reshape(outer))


def _sign(item, size):
    """The direction of a number of that size; 0 of 0, and 1 of NaN as of what is not negative."""
    if kind(item) == "complex":
        return item / size if size != 0 else item
    return 0.0 if size == 0 else (-1.0 if item < 0 else 1.0)


def lstsq(a, b, rcond=None):
    x, y = np.asarray(a), np.asarray(b)
    if x.ndim != 2:
        raise np.linalg.LinAlgError(f"{x.ndim}-dimensional array given. Array must be two-dimensional")
    if y.ndim > 2:
        raise np.linalg.LinAlgError(f"{y.ndim}-dimensional array given. Array must be two-dimensional")
    m, n = x.shape
    if m != y.shape[0]:
        raise np.linalg.LinAlgError("Incompatible dimensions")
    wanted = result_type(inexact(x), inexact(y))
    right = np.asarray(y.reshape((m, 1)) if y.ndim == 1 else y, wanted)
    u, s, vh = svd(np.asarray(x, wanted), full_matrices=False)
    small = epsilon(s) * max(m, n) if rcond is None else float(rcond)
    rank = 0
    if len(s) > 0:
        for size in s:
            if size > small * s[0]:
                rank += 1
    parts = np.conjugate(u).T @ right
    for i in range(len(s)):
        parts[i] = parts[i] / s[i] if i < rank else 0 * parts[i]
    solution = np.conjugate(vh).T @ parts
    rest = np.zeros(right.shape[1] if rank == n and m > n else 0, s.dtype)
    if len(rest) > 0:
        rest[:] = np.sum(np.abs(x @ solution - right) ** 2, axis=0)
    return (solution[:, 0] if y.ndim == 1 else solution), rest, rank, s


def pinv(a, rcond=None, hermitian: constant = False, *, rtol=None):
    array = np.asarray(a)
    if rcond is not None and rtol is not None:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    u, s, vh = svd(array, full_matrices=False)
    small = 1e-15
    if rcond is not None:
        small = float(rcond)
    if rtol is not None:
        small = float(rtol)
    size = s.shape[-1]
    rows = s.reshape((s.size // max(size, 1), size))
    factors = np.zeros(rows.shape, s.dtype)
    for i in range(len(rows)):
        for j in range(size):
            if rows[i, j] > small * rows[i, 0]:
                factors[i, j] = 1 / rows[i, j]
    left = np.conjugate(np.swapaxes(vh, -1, -2)) * factors.reshape(array.shape[:-2] + (1, size))
    return left @ np.conjugate(np.swapaxes(u, -1, -2))


def matrix_rank(A, tol=None, hermitian: constant = False, *, rtol=None):
    array = np.asarray(A)
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    if array.ndim < 2:
        return 1 if np.any(array != 0) else 0
    s = svd(array, compute_uv=False, hermitian=hermitian)
    size = s.shape[-1]
    rows = s.reshape((s.size // max(size, 1), size))
    ranks = np.zeros(len(rows), np.int64)
    for i in range(len(rows)):
        if rtol is not None:
            small = float(np.max(rows[i])) * float(rtol)
        elif tol is None:
            small = float(np.max(rows[i])) * max(array.shape[-2], array.shape[-1]) * epsilon(s)
        else:
            small = float(tol)
        for value in rows[i]:
            if value > small:
                ranks[i] += 1
    return ranks[0] if array.ndim == 2 else ranks.reshape(array.shape[:-2])
