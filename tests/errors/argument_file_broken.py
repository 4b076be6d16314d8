# run: f broken.npy
# error: error: cannot read broken.npy: the header is broken: the file ends in it
from numir import njit


@njit
def f(a):
    return a.sum()
