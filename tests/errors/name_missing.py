# run: f 1
# error: NameError: name 'cuont' is not defined
# line: 9
from numir import njit


@njit
def f(count: int):
    return count + cuont
