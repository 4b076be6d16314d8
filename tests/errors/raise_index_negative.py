# run: f -4
# error: IndexError: index -4 is out of bounds for axis 1 with size 3
# line: 12
# marks: a[1, i]
import numpy as np
from numir import njit


@njit
def f(i: int):
    a = np.zeros((2, 3))
    a[1, i] = 1.0
    return a
