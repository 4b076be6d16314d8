# run: f single.npy
# error: TypeError: f(): `a` is declared as float64[:], but is given float32[::1]
# line: 9
# marks: a: float64[:]
from numir import float64, njit


@njit
def f(a: float64[:]):
    return a.sum()
