# run: f 3
# error: UnsupportedError: a comprehension is not compiled yet
# line: 10
# help: np.empty(n)
from numir import njit


@njit
def f(n: int):
    squares = [i * i for i in range(n)]
    return len(squares)
