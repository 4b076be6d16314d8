# run: f -1.0
# error: ValueError: math domain error
# line: 11
import math

from numir import njit


@njit
def f(x: float):
    return math.sqrt(x)
