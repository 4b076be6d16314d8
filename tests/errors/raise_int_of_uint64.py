# run: f 9223372036854775807
# error: OverflowError: the integer 9223372036854775808 does not fit into an int of 64 bits
# line: 10
import numpy as np
from numir import njit


@njit
def f(n: int):
    return int(np.uint64(n) + 1)
