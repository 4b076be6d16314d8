# run: f 3
# error: TypingError: `y` is int on one way to this place and (int, int) on another
# line: 10
# marks: y
from numir import njit


@njit
def f(n: int):
    y = 1
    for i in range(n):
        y = (i, i)
    return y
