# run: f 4000000000000
# error: MemoryError: unable to allocate 32000000000000 bytes
# line: 10
import numpy as np
from numir import njit


@njit
def f(n: int):
    return np.zeros(n)
