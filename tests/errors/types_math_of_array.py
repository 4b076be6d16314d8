# run: f
# error: TypingError:
# line: 14
# marks: np.zeros(3)
# help: np.sin takes arrays
import math

import numpy as np
from numir import njit


@njit
def f():
    return math.sin(np.zeros(3))
