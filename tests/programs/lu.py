"""Linear equations by LU decomposition with partial pivoting, in place."""

import numpy as np
from numir import njit


@njit
def decompose(a, order):
    """Overwrite `a` with L and U, `order` with the exchanges of rows; the sign of the permutation."""
    n, m = a.shape
    if n != m:
        raise ValueError("the matrix is not square")
    sign = 1
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        order[k] = pivot
        if a[pivot, k] == 0.0:
            raise ZeroDivisionError("the matrix is singular")
        if pivot != k:
            sign = -sign
            for j in range(n):
                a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    return sign


@njit
def substitute(a, order, b):
    """Turn the right-hand side `b` into the solution."""
    n = len(b)
    for k in range(n):
        p = order[k]
        b[k], b[p] = b[p], b[k]
    for i in range(n):
        for j in range(i):
            b[i] -= a[i, j] * b[j]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= a[i, j] * b[j]
        b[i] /= a[i, i]


@njit
def solve(a, b):
    """x with a·x = b; the arguments stay as they are."""
    factors, x = a.copy(), b.copy()
    order = np.empty(len(b), np.int64)
    decompose(factors, order)
    substitute(factors, order, x)
    return x


@njit
def determinant(a):
    """The product of the pivots."""
    factors = a.astype(np.float64)
    order = np.empty(a.shape[0], np.int64)
    product = float(decompose(factors, order))
    for i in range(a.shape[0]):
        product *= factors[i, i]
    return product
