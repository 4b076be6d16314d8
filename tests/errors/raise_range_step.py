# run: f 0
# error: ValueError: range() arg 3 must not be zero
# line: 10
# marks: range(0, 9, step)
from numir import njit


@njit
def f(step: int):
    for i in range(0, 9, step):
        pass
