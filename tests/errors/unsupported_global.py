# run: f 3
# error: UnsupportedError: `global` is not compiled yet
# line: 13
# help: return the new one
from numir import njit


COUNT = 0


@njit
def f(n: int):
    global COUNT
    COUNT += n
    return COUNT
