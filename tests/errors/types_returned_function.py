# run: f 3
# error: TypingError: `f` returns function builtins.abs
# marks: def
from numir import njit


@njit
def f(n: int):
    return abs
