# run: f 0
# error: ZeroDivisionError: float division by zero
# line: 10
# marks: 1 / x
from numir import njit


@njit
def f(x: int):
    return 1 / x
