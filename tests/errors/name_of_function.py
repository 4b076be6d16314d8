# run: g 1
# error: NameError: /work/main/tests/errors/name_of_function.py has no function named `g`
from numir import njit


@njit
def f(x: int):
    return x
