# run: f 1
# error: TypeError: g() missing 1 required positional argument: 'b'
# line: 15
# marks: g(x)
from numir import njit


@njit
def g(a, b):
    return a


@njit
def f(x: int):
    return g(x)
