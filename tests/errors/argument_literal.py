# run: f 1+
# error: error: argument `x`: `1+` is neither a Python literal nor a .npy or .npz file
from numir import njit


@njit
def f(x):
    return x
