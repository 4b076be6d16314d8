"""A string that swings: the wave equation in single precision, with ends that hold or let go."""

import math

import numpy as np
from numir import float32, njit

HELD, FREE = 0, 1


@njit
def pluck(points: int, place: float = 0.5, height: float32 = 1.0):
    """A string pulled up at one place."""
    x = np.linspace(0.0, 1.0, points)
    string = np.empty(points, np.float32)
    for i in range(points):
        string[i] = height * (x[i] / place if x[i] < place else (1.0 - x[i]) / (1.0 - place))
    return string


@njit
def swing(string, courant: float, steps: int, end: int = HELD):
    """The string some steps later, and the one before that."""
    assert 0 < courant <= 1, "the step in time is too long"
    square = np.float32(courant * courant)
    before, here = string.copy(), string.copy()
    for _ in range(steps):
        after = np.zeros_like(here)
        after[1:-1] = 2 * here[1:-1] - before[1:-1] + square * (here[2:] - 2 * here[1:-1] + here[:-2])
        if end == FREE:
            after[0], after[-1] = after[1], after[-2]
        before, here = here, after
    return here, before


@njit
def tone(string, harmonic: int):
    """How strong one harmonic is in a string."""
    total = 0.0
    n = len(string) - 1
    for i, height in enumerate(string):
        total += float(height) * math.sin(math.pi * harmonic * i / n)
    return 2.0 * total / n


@njit
def harmonics(points: int, place: float, count: int):
    """The strength of the first harmonics of a plucked string."""
    string = pluck(points, place)
    result = np.zeros(count)
    for k in range(count):
        result[k] = tone(string, harmonic=k + 1)
    return result
