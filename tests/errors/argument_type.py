# run: f 1.5
# error: TypeError: f(): `x` is declared as int, but is given float (1.5)
# line: 9
# marks: x: int
from numir import njit


@njit
def f(x: int):
    return x
