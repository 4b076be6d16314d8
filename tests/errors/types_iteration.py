# run: f 1
# error: TypingError: int cannot be iterated over
# line: 10
# marks: x
from numir import njit


@njit
def f(x: int):
    for i in x:
        pass
