# run: f -1
# error: UnboundLocalError: cannot access local variable 'y' where it is not associated with a value
# line: 11
from numir import njit


@njit
def f(x: int):
    if x > 0:
        y = 1
    return y
