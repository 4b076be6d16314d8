# run: f 3
# error: TypeError: `f` returns function builtins.abs
# marks: def
from numir import njit


@njit
def f(n: int):
    return abs
