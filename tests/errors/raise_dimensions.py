# run: f -1
# error: ValueError: negative dimensions are not allowed
# line: 10
import numpy as np
from numir import njit


@njit
def f(n: int):
    return np.ones(n)
