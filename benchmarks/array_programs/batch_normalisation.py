"""A batch of samples, normalised for each feature."""

import numpy as np


def arguments(random):
    return random.standard_normal((20_000, 64)), random.random(64), random.random(64)


def program(x, gamma, beta):
    n = x.shape[0]
    mean = x.sum(axis=0) / n
    centred = x - mean
    variance = (centred**2).sum(axis=0) / n
    return centred / np.sqrt(variance + 1e-5) * gamma + beta
