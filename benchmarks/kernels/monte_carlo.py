"""Pi by a linear congruence on uint64: one long chain of dependent integers."""

import numpy as np
from numir import njit


@njit
def run(samples, seed):
    """The estimate."""
    state = np.uint64(seed)
    multiplier = np.uint64(6364136223846793005)
    increment = np.uint64(1442695040888963407)
    shift = np.uint64(11)
    hits = 0
    for _ in range(samples):
        state = state * multiplier + increment
        x = float(state >> shift) / 9007199254740992.0
        state = state * multiplier + increment
        y = float(state >> shift) / 9007199254740992.0
        if x * x + y * y < 1.0:
            hits += 1
    return 4.0 * hits / samples
