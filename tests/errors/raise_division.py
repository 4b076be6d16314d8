# run: f 0
# error: ZeroDivisionError: float division by zero
# line: 9
from numir import njit


@njit
def f(x: int):
    return 1 / x
