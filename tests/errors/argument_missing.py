# run: f
# error: TypeError: f() missing 1 required positional argument: 'x'
# line: 8
from numir import njit


@njit
def f(x: int):
    return x
