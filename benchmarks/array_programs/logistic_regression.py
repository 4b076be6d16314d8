"""Gradient descent of a logistic regression."""

import numpy as np


def arguments(random):
    x = random.standard_normal((20_000, 20))
    return x, np.where(x[:, 0] + 0.5 * x[:, 1] > 0, 1.0, -1.0), 10


def program(x, y, steps):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w -= 1e-4 * np.dot((1.0 / (1.0 + np.exp(-y * np.dot(x, w))) - 1.0) * y, x)
    return w
