# run: f 1
# error: TypingError: int is not callable
# line: 9
from numir import njit


@njit
def f(x: int):
    return x(3)
