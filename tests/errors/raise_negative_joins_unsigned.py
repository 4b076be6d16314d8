# run: f -1
# error: OverflowError: Python integer -1 out of bounds for uint64
# line: 12
import numpy as np
from numir import njit


@njit
def f(n: int):
    a = np.ones(2, np.uint64)
    total = n
    if n > 0:
        total = a[0]
    return total
