"""LU decomposition with an update of rank one at each step, all by slices."""

import numpy as np
from numir import float64, njit


@njit
def decompose(a: float64[:, ::1]):
    """L below the diagonal, U on and above it."""
    lu = a.copy()
    n = lu.shape[0]
    for k in range(n - 1):
        lu[k + 1 :, k] /= lu[k, k]
        lu[k + 1 :, k + 1 :] -= np.outer(lu[k + 1 :, k], lu[k, k + 1 :])
    return lu
