# run: f 4
# error: IndexError: index 3 is out of bounds for axis 0 with size 3
# line: 12
import numpy as np
from numir import njit


@njit
def f(n: int):
    a = np.zeros(3)
    for i in range(n):
        a[i] = i
    return a
