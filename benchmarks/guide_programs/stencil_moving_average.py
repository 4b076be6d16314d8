"""A moving average over thirty items, by a loop over a declared neighbourhood."""

import numpy as np
from numba import stencil


@stencil(neighborhood=((-29, 0),))
def kernel2(a):
    cumul = 0
    for i in range(-29, 1):
        cumul += a[i]
    return cumul / 30


def program():
    return kernel2(np.arange(200.0) ** 2)
