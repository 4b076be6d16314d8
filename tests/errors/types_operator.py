# run: f 1
# error: TypingError: unsupported operand types for +: int and (int, int)
# line: 10
# marks: x + (1, 2)
from numir import njit


@njit
def f(x: int):
    return x + (1, 2)
