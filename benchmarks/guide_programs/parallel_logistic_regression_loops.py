"""The same regression, with its products as prange loops."""

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def logistic_regression(labels, points, weights, iterations):
    for _ in range(iterations):
        factors = np.empty(labels.size)
        for i in prange(labels.size):
            product = 0.0
            for j in range(weights.size):
                product += points[i, j] * weights[j]
            factors[i] = (1.0 / (1.0 + np.exp(-labels[i] * product)) - 1.0) * labels[i]
        for j in prange(weights.size):
            step = 0.0
            for i in range(labels.size):
                step += factors[i] * points[i, j]
            weights[j] -= step
    return weights


def program():
    drawn = np.random.default_rng(0)
    labels = np.where(drawn.random(200) > 0.5, 1.0, -1.0)
    return logistic_regression(labels, drawn.random((200, 10)) * 0.1, np.zeros(10), 20)
