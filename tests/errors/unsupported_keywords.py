# run: f
# error: UnsupportedError:
# line: 8
from numir import njit


@njit
def f(**options):
    return 1
