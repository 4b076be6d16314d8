# run: f
# error: TypingError: complex numbers have no maximum
# line: 10
import numpy as np
from numir import njit


@njit
def f():
    return np.max(np.zeros(3, np.complex128))
