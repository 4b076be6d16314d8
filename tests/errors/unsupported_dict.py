# run: f 3
# error: UnsupportedError: a dict is not compiled yet
# line: 9
from numir import njit


@njit
def f(n: int):
    counts = {n: 1}
    return counts[n]
