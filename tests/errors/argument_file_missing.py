# run: f missing.npy
# error: error: cannot read missing.npy: No such file or directory
from numir import njit


@njit
def f(a):
    return a.sum()
