# run: f 300
# error: TypeError: f(): `x` is declared as int8, but is given int (300)
# line: 9
# marks: x: int8
from numir import int8, njit


@njit
def f(x: int8):
    return x
