# run: f 1.0
# error: UnsupportedError: module math has no attribute 'sine' that numir compiles
# line: 12
# help: did you mean `sin`?
import math

from numir import njit


@njit
def f(x: float):
    return math.sine(x)
