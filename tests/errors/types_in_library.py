# run: f
# error: TypingError: math.hypot(): only 0-dimensional arrays can be converted
# line: 13
# marks: math.hypot(np.zeros(3), 1.0)
import math

import numpy as np
from numir import njit


@njit
def f():
    return math.hypot(np.zeros(3), 1.0)
