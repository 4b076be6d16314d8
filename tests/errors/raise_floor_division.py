# run: f 0
# error: ZeroDivisionError: integer division or modulo by zero
# line: 9
from numir import njit


@njit
def f(x: int):
    return 7 // x
