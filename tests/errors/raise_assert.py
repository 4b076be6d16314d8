# run: f 3
# error: AssertionError: three is not welcome
# line: 9
from numir import njit


@njit
def f(x: int):
    assert x != 3, "three is not welcome"
    return x
