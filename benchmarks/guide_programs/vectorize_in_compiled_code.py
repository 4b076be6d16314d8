"""A ufunc in a compiled function."""

import numpy as np
from numba import njit, vectorize


@vectorize
def add(x, y):
    return x + y


@njit
def added(a):
    return add(a, 2.0)


def program():
    return added(np.arange(10.0))
