"""Random numbers by hand: xorshift and a linear congruence on uint64 that wrap around, and areas by counting."""

import numpy as np
from numir import njit, prange, uint64

MULTIPLIER = np.uint64(6364136223846793005)
INCREMENT = np.uint64(1442695040888963407)


@njit
def xorshift(state: uint64):
    """The next state of Marsaglia's generator."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@njit
def uniform(state):
    """A number in [0, 1) from the upper bits, and the next state of the congruence."""
    state = state * MULTIPLIER + INCREMENT
    return (state >> np.uint64(11)) / 9007199254740992.0, state


@njit
def pi_serial(samples, seed):
    """Pi from points in a square."""
    state = np.uint64(seed)
    hits = 0
    for _ in range(samples):
        x, state = uniform(state)
        y, state = uniform(state)
        if x * x + y * y < 1.0:
            hits += 1
    return 4.0 * hits / samples


@njit(parallel=True)
def pi_parallel(streams, samples, seed):
    """The same with many independent streams."""
    hits = 0
    for stream in prange(streams):
        state = xorshift(np.uint64(seed + 977 * stream + 1))
        for _ in range(samples):
            state = xorshift(state)
            x = float(state >> np.uint64(40)) / 16777216.0
            state = xorshift(state)
            y = float(state >> np.uint64(40)) / 16777216.0
            if x * x + y * y < 1.0:
                hits += 1
    return hits, 4.0 * hits / (streams * samples)


@njit
def shuffle(items, seed: uint64):
    """Fisher and Yates, in place."""
    state = seed
    for i in range(len(items) - 1, 0, -1):
        state = xorshift(state)
        j = int(state % np.uint64(i + 1))
        items[i], items[j] = items[j], items[i]
