# run: f 1
# error: UnsupportedError: `with` is not compiled yet
# line: 9
from numir import njit


@njit
def f(x):
    with open("file") as stream:
        return x
