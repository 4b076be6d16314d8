"""Softmax of a vector: one exponential for each item, which is read again by the sum and by the quotient."""

import numpy as np
from numir import float64, njit


@njit
def softmax(x: float64[::1]):
    """The exponentials of the items, as shares of their sum."""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)
