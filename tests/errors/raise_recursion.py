# run: f 1
# error: RecursionError: maximum recursion depth exceeded
# line: 8
from numir import njit


@njit
def f(n: int):
    if n < 0:
        return n
    return f(n + 1) + 1
