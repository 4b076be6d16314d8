"""A ufunc that runs on all threads."""

import numpy as np
from numba import vectorize


@vectorize(["float64(float64, float64)"], target="parallel")
def distance(x, y):
    return (x * x + y * y) ** 0.5


def program():
    return distance(np.linspace(0, 1, 1000), 3.0)
