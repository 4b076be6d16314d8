# run: f 1
# error: NameError: name 'nonsense' is not defined
# line: 8
from numir import njit


@njit
def f(x: nonsense):
    return x
