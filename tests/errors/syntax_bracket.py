# run: f 1
# error: SyntaxError:
# line: 9
from numir import njit


@njit
def f(x):
    return (x + 1
