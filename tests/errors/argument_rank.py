# run: f single.npy
# error: TypeError: f(): `a` is declared as float32[:, :], but is given float32[::1]
# line: 8
from numir import float32, njit


@njit
def f(a: float32[:, :]):
    return a.sum()
