# run: f 0
# error: ValueError: zero-size array to reduction operation minimum which has no identity
# line: 10
import numpy as np
from numir import njit


@njit
def f(n: int):
    return np.zeros(n).min()
