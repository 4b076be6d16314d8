"""The mean of four neighbours, by a stencil called from Python."""

import numpy as np
from numba import stencil


@stencil
def kernel1(a):
    return 0.25 * (a[0, 1] + a[1, 0] + a[0, -1] + a[-1, 0])


def program():
    return kernel1(np.arange(100.0).reshape(10, 10))
