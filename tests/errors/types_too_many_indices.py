# run: f
# error: IndexError: too many indices for array: array is 2-dimensional, but 3 were indexed
# line: 11
import numpy as np
from numir import njit


@njit
def f():
    a = np.zeros((2, 3))
    return a[0, 1, 2]
