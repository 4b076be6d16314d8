"""A border of another constant than 0."""

import numpy as np
from numba import stencil


@stencil("constant", cval=-1)
def kernel3(a):
    return a[0, 1] - a[-1, 0]


def program():
    return kernel3(np.arange(30).reshape(5, 6))
