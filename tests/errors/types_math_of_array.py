# run: f
# error: TypingError:
# line: 12
import math

import numpy as np
from numir import njit


@njit
def f():
    return math.sin(np.zeros(3))
