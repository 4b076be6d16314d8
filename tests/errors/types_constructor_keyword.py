# run: f
# error: TypeError: int() takes no keyword arguments
# line: 9
from numir import njit


@njit
def f():
    return int(x=3)
