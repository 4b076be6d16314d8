# run: f 1
# error: SyntaxError:
# line: 10
# marks: (
from numir import njit


@njit
def f(x):
    return (x + 1
