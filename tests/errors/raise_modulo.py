# run: f 0.0
# error: ZeroDivisionError: float modulo
# line: 9
from numir import njit


@njit
def f(x: float):
    return 7 % x
