"""Random walks by a 32-bit generator on plain integers: paths, first returns, walks that avoid themselves."""

import math

import numpy as np
from numir import njit, prange

MODULUS = 1 << 32
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))


@njit
def draw(state):
    """The next state of a linear congruence."""
    return (1664525 * state + 1013904223) % MODULUS


@njit
def walk(steps: int, seed: int):
    """The places of a walk on a grid, two columns."""
    path = np.zeros((steps + 1, 2), np.int32)
    for i in range(steps):
        seed = draw(seed)
        match seed >> 30:
            case 0:
                path[i + 1] = path[i, 0] + 1, path[i, 1]
            case 1:
                path[i + 1] = path[i, 0], path[i, 1] + 1
            case 2:
                path[i + 1] = path[i, 0] - 1, path[i, 1]
            case _:
                path[i + 1] = path[i, 0], path[i, 1] - 1
    return path


@njit(parallel=True)
def mean_distance(walks: int, steps: int):
    """How far walks end from their start, on average."""
    total = 0
    for w in prange(walks):
        state = draw(draw(w + 1))
        x = y = 0
        for _ in range(steps):
            state = draw(state)
            x, y = x + ((state >> 28) & 1) * 2 - 1, y + ((state >> 29) & 1) * 2 - 1
        total += x * x + y * y
    return math.sqrt(total / walks)


@njit
def first_return(seed: int, limit: int):
    """After how many steps a walk on a line is back; None if it takes longer than the limit."""
    place = 0
    for step in range(1, limit + 1):
        seed = draw(seed)
        place += 1 if seed & 0x80000000 else -1
        if place == 0:
            return step
    return None


@njit
def avoiding(visited, x, y, steps):
    """How many walks of that length do not cross themselves."""
    if steps == 0:
        return 1
    visited[x, y] = True
    ways = 0
    for dx, dy in STEPS:
        if not visited[x + dx, y + dy]:
            ways += avoiding(visited, x + dx, y + dy, steps - 1)
    visited[x, y] = False
    return ways


@njit
def self_avoiding(steps: int):
    """The number of self-avoiding walks from the middle of a grid."""
    side = 2 * steps + 1
    return avoiding(np.zeros((side, side), np.bool_), steps, steps, steps)
