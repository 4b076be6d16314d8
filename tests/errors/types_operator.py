# run: f 1
# error: TypingError: unsupported operand types for +: int and (int, int)
# line: 9
from numir import njit


@njit
def f(x: int):
    return x + (1, 2)
