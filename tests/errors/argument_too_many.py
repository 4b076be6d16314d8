# run: f 1 2
# error: TypeError: f() takes 1 positional argument but 2 were given
# line: 8
from numir import njit


@njit
def f(x: int):
    return x
