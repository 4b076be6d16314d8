# run: f -1
# error: ValueError: negative shift count
# line: 9
from numir import njit


@njit
def f(n: int):
    return 1 << n
