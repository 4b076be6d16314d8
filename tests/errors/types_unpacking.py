# run: f
# error: ValueError: too many values to unpack (expected 2)
# line: 9
from numir import njit


@njit
def f():
    a, b = (1, 2, 3)
    return a
