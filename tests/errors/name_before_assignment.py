# run: f 1
# error: UnboundLocalError: cannot access local variable 'z' where it is not associated with a value
# line: 9
from numir import njit


@njit
def f(x: int):
    y = z + x
    z = y
    return z
