# run: f 5 1.0
# error: RuntimeError: stop
# line: 10
from numir import njit


@njit
def refuse(n, x):
    if True:
        raise RuntimeError("stop")
    return n, x


@njit
def f(n: int, x: float):
    while n > 3:
        if x == x:
            _, x = refuse(n, x)
        else:
            x *= refuse(n, x)[1] + x
    return x
