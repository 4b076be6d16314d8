# run: f 3
# error: UnsupportedError: a dict is not compiled yet
# line: 10
# help: an array holds numbers
from numir import njit


@njit
def f(n: int):
    counts = {n: 1}
    return counts[n]
