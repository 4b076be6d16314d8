# run: f 2.0
# error: UnsupportedError: module numpy has no attribute 'savetxt' that numir compiles
# line: 10
import numpy as np
from numir import njit


@njit
def f(x: float):
    return np.savetxt("x", x)
