# run: f 1
# error: TypingError: a tuple of mixed types can be indexed only by a constant
# line: 9
from numir import njit


@njit
def f(i: int):
    return (1, "two")[i]
