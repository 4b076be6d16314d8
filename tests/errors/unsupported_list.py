# run: f 3
# error: UnsupportedError: a comprehension is not compiled yet
# line: 9
from numir import njit


@njit
def f(n: int):
    squares = [i * i for i in range(n)]
    return len(squares)
