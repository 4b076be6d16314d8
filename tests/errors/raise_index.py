# run: f 5
# error: IndexError: index 5 is out of bounds for axis 0 with size 5
# line: 11
# marks: a[i]
import numpy as np
from numir import njit


@njit
def get(a, i):
    return a[i]


@njit
def f(i: int):
    return get(np.zeros(5), i)
