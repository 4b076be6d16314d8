# run: f 1
# error: TypingError: `y` is int on one way to this place and (int, int) on another
# line: 11
# marks: y
from numir import njit


@njit
def f(x: int):
    if x > 0:
        y = 1
    else:
        y = (1, 2)
    return y
