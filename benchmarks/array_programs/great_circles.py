"""Distances on the sphere from one place to many."""

import numpy as np


def arguments(random):
    return random.uniform(-1.5, 1.5, 500_000), random.uniform(-3.1, 3.1, 500_000), 0.9, 0.2


def program(latitude, longitude, latitude0, longitude0):
    a = np.sin(0.5 * (latitude - latitude0)) ** 2
    b = np.cos(latitude) * np.cos(latitude0) * np.sin(0.5 * (longitude - longitude0)) ** 2
    return 12742.0 * np.arcsin(np.sqrt(a + b))
