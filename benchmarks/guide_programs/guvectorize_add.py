"""A generalised ufunc: a number added to each row."""

import numpy as np
from numba import guvectorize, int64


@guvectorize([(int64[:], int64, int64[:])], "(n),()->(n)")
def g(x, y, res):
    for i in range(x.shape[0]):
        res[i] = x[i] + y


def program():
    a = np.arange(6).reshape(2, 3)
    return g(a, 10), g(a, np.array([10, 20]))
