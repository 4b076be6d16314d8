"""Logistic regression by gradient descent, with products of matrices and vectors."""

import numpy as np
from numba import njit


@njit(parallel=True)
def logistic_regression(Y, X, w, iterations):
    for _ in range(iterations):
        w -= np.dot(((1.0 / (1.0 + np.exp(-Y * np.dot(X, w))) - 1.0) * Y), X)
    return w


def program():
    drawn = np.random.default_rng(0)
    labels = np.where(drawn.random(200) > 0.5, 1.0, -1.0)
    return logistic_regression(labels, drawn.random((200, 10)) * 0.1, np.zeros(10), 20)
