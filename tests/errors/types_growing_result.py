# run: f 3
# error: TypingError: the type of what `f` returns grows with every call of itself
from numir import njit


@njit
def f(n: int):
    if n <= 0:
        return None
    return (n, f(n - 1))
