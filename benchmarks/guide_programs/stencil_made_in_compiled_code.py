"""A stencil of a function that compiled code defines."""

import numpy as np
from numba import njit, stencil


@njit
def differences(a):
    def kernel(x):
        return x[1] - x[-1]

    return stencil(kernel)(a)


def program():
    return differences(np.arange(20.0) ** 2)
