"""The covariance of features: rows less a mean, then a product with their own transpose."""

import numpy as np
from numir import float64, njit


@njit
def covariance(x: float64[:, ::1]):
    """The covariance of the columns."""
    centred = x - x.sum(axis=0) / x.shape[0]
    return np.dot(centred.T, centred) / (x.shape[0] - 1)
