# run: f -inf
# error: OverflowError: cannot convert float infinity to integer
# line: 9
from numir import njit


@njit
def f(x: float):
    return int(x)
