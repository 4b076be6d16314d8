# run: f 1
# error: TypingError: int cannot be iterated over
# line: 9
from numir import njit


@njit
def f(x: int):
    for i in x:
        pass
