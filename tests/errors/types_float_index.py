# run: f 1.0
# error: TypingError: only integers, slices (`:`), ellipsis (`...`) and numpy.newaxis (`None`) are valid indices, not float
# line: 10
import numpy as np
from numir import njit


@njit
def f(x: float):
    return np.zeros(3)[x]
