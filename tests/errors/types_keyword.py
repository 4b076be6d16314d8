# run: f 1
# error: TypeError: g() got an unexpected keyword argument 'c'
# line: 14
from numir import njit


@njit
def g(a, b=1):
    return a


@njit
def f(x: int):
    return g(x, c=2)
