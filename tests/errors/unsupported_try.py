# run: f 1
# error: UnsupportedError: `try` is not compiled yet
# line: 10
# help: test for the error before it arises
from numir import njit


@njit
def f(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        return 0.0
