# run: f 3
# error: UnsupportedError: `global` is not compiled yet
# line: 12
from numir import njit


COUNT = 0


@njit
def f(n: int):
    global COUNT
    COUNT += n
    return COUNT
