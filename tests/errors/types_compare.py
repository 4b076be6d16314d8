# run: f 1j
# error: TypingError: unsupported operand types for <: complex and int
# line: 9
from numir import njit


@njit
def f(z: complex):
    return z < 1
