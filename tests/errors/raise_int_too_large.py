# run: f 1e19
# error: OverflowError: the float 1e+19 does not fit into an int of 64 bits
# line: 10
# marks: int(x)
from numir import njit


@njit
def f(x: float):
    return int(x)
