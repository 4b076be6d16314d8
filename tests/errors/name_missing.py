# run: f 1
# error: NameError: name 'cuont' is not defined
# line: 10
# marks: cuont
from numir import njit


@njit
def f(count: int):
    return count + cuont
