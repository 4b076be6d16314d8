# run: f 1
# error: TypingError: `open` cannot be compiled: compiled code reads and writes arrays
# line: 9
from numir import njit


@njit
def f(x):
    with open("file") as stream:
        return x
