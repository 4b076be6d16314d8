# run: f
# error: TypingError: g() takes float as `x`, not float64[::1]
# line: 16
# marks: np.zeros(3)
import numpy as np
from numir import njit


@njit
def g(x: float):
    return x


@njit
def f():
    return g(np.zeros(3))
