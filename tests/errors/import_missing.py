# run: f 1
# error: ImportError: numir knows no module named 'nowhere'
# line: 5
# marks: from nowhere import helper
from nowhere import helper
from numir import njit


@njit
def f(x: int):
    return helper(x)
