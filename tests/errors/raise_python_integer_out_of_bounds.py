# run: f 300
# error: OverflowError: Python integer 300 out of bounds for int8
# line: 10
import numpy as np
from numir import njit


@njit
def f(x: int):
    return np.int8(1) + x
