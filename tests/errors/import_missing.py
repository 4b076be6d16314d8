# run: f 1
# error: ImportError: numir knows no module named 'nowhere'
# line: 10
from nowhere import helper
from numir import njit


@njit
def f(x: int):
    return helper(x)
