"""An input that a generalised ufunc writes to."""

import numpy as np
from numba import float64, guvectorize


@guvectorize([(float64[:], float64[:])], "()->()", writable_args=("invals",))
def init_values(invals, outvals):
    invals[0] = 6.5
    outvals[0] = 4.2


def program():
    a = np.zeros(3)
    return init_values(a), a
