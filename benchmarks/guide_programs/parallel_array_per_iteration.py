"""An array that each iteration makes for itself."""

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def test(n):
    diagonals = np.zeros(n)
    for i in prange(n):
        temp = np.zeros((50, 50))
        for j in range(50):
            temp[j, j] = i
        diagonals[i] = temp.sum()
    return diagonals


def program():
    return test(20)
