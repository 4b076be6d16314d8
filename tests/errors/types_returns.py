# run: f 1
# error: TypingError: the function returns int in one place and the string 'text' in another
# line: 11
# help: return the same type everywhere
from numir import njit


@njit
def f(x: int):
    if x > 0:
        return 1
    return "text"
