"""A ufunc that is compiled for what it is given."""

import numpy as np
from numba import vectorize


@vectorize
def f(x, y):
    return x * y


def program():
    return f(3, 4), f(1.0, np.arange(4)), f.types
