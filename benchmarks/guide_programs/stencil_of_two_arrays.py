"""Two arrays and a number; and an array that is indexed as arrays are."""

import numpy as np
from numba import stencil


@stencil
def of_both(a, b, scale):
    return a[-1] * scale + b[1]


@stencil(standard_indexing=("b",))
def weighted(a, b):
    return a[-1] * b[0] + a[0] + b[1]


def program():
    a = np.arange(20.0)
    return of_both(a, a[::-1].copy(), 3), weighted(a, np.array([2.0, 5.0]))
