# run: f 1
# error: TypingError: int cannot be indexed
# line: 9
from numir import njit


@njit
def f(x: int):
    return x[0]
