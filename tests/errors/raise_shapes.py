# run: f 3
# error: ValueError: operands could not be broadcast together with shapes (4,) (3,) (4,)
# line: 11
import numpy as np
from numir import njit


@njit
def f(n: int):
    a = np.zeros(4)
    a += np.ones(n)
    return a
