"""An array as the accumulator of a prange loop."""

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def whole_array(x):
    n = x.shape[0]
    y = np.zeros(4)
    for i in prange(n):
        y += x[i]
    return y


def program():
    return whole_array(np.arange(1000.0))
