# run: f 3
# error: ValueError: three is not welcome
# line: 10
from numir import njit


@njit
def f(x: int):
    if x == 3:
        raise ValueError("three is not welcome")
    return x
