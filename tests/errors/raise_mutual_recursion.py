# run: f 1
# error: RecursionError: maximum recursion depth exceeded
from numir import njit


@njit
def g(n: int):
    return f(n + 1)


@njit
def f(n: int):
    if n < 0:
        return n
    return g(n + 1) + 1
