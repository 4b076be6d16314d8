# run: f 1
# error: SyntaxError:
# line: 8
from numir import njit


@njit
def f(x)
    return x
