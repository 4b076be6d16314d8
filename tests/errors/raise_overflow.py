# run: f 1000.0
# error: OverflowError: math range error
# line: 11
import math

from numir import njit


@njit
def f(x: float):
    return math.exp(x)
