# run: g 1
# error: NameError: {file} has no function named `g`
from numir import njit


@njit
def f(x: int):
    return x
