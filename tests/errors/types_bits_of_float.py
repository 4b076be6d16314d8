# run: f 1.5
# error: TypingError: unsupported operand types for &: float and int
# line: 9
from numir import njit


@njit
def f(x: float):
    return x & 1
