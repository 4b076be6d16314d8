# run: f 0
# error: ValueError: slice step cannot be zero
# line: 10
import numpy as np
from numir import njit


@njit
def f(step: int):
    return np.zeros(5)[::step].copy()
