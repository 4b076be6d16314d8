# run: f 1
# error: TypingError: the function returns int in one place and str in another
# line: 9
from numir import njit


@njit
def f(x: int):
    if x > 0:
        return 1
    return "text"
