"""A ufunc for several types, the narrowest first, with what NumPy's ufuncs can do."""

import numpy as np
from numba import float32, float64, int32, int64, vectorize


@vectorize([int32(int32, int32), int64(int64, int64), float32(float32, float32), float64(float64, float64)])
def f(x, y):
    return x + y


def program():
    a = np.arange(12).reshape(3, 4)
    return f(a, a), f(np.linspace(0, 1, 6), 2), f.reduce(a, axis=0), f.reduce(a, axis=1), f.accumulate(a)
