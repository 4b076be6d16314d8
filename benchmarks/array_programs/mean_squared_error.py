"""One number of two long vectors."""

import numpy as np


def arguments(random):
    return random.random(2_000_000), random.random(2_000_000)


def program(a, b):
    return np.sum((a - b) ** 2) / len(a)
