"""A generalised ufunc that is compiled for what it is given, results included."""

import numpy as np
from numba import guvectorize


@guvectorize("(n),()->(n)")
def g(x, y, res):
    for i in range(x.shape[0]):
        res[i] = x[i] + y


def program():
    x = np.arange(5, dtype=np.int64)
    res = np.zeros_like(x)
    g(x, 10, res)
    return res
