"""A product of matrices by three loops, the innermost along rows."""

from numir import njit


@njit
def run(a, b, c):
    """c = a times b."""
    n, inner = a.shape
    m = b.shape[1]
    for i in range(n):
        for j in range(m):
            c[i, j] = 0.0
        for k in range(inner):
            factor = a[i, k]
            for j in range(m):
                c[i, j] += factor * b[k, j]
