"""Where random walks end, by the legacy generator."""

import numpy as np


def arguments(random):
    return 7, 20_000, 20


def program(seed, walkers, steps):
    np.random.seed(seed)
    place = np.zeros(walkers)
    for _ in range(steps):
        place += np.random.normal(0.0, 1.0, walkers)
    return place
