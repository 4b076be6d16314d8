# run: f 3
# error: UnsupportedError: `class` is not compiled yet
# line: 9
from numir import njit


@njit
def f(n: int):
    class Box:
        pass
    return n
