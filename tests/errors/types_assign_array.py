# run: f
# error: TypingError: a complex number cannot be assigned to an item of int64[::1]
# line: 11
import numpy as np
from numir import njit


@njit
def f():
    a = np.zeros(3, np.int64)
    a[0] = 1j
    return a
