# run: f 5
# error: ValueError: cannot reshape array of size 12 into shape (5,2)
# line: 11
# marks: np.zeros(12).reshape(n, 2)
import numpy as np
from numir import njit


@njit
def f(n: int):
    return np.zeros(12).reshape(n, 2)
