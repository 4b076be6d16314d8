# run: f 4000000000000
# error: MemoryError: Unable to allocate 29.1 TiB for an array with shape (4000000000000,) and data type float64
# line: 10
import numpy as np
from numir import njit


@njit
def f(n: int):
    return np.zeros(n)
