"""Heat in a plate: explicit steps in time on a 5-point stencil, two buffers that change places."""

import numpy as np
from numir import float64, int64, njit, prange


@njit
def step(old: float64[:, ::1], new: float64[:, ::1], rate: float):
    """One step from `old` to `new`; the border keeps its temperature."""
    rows, columns = old.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            around = old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1]
            new[i, j] = old[i, j] + rate * (around - 4.0 * old[i, j])


@njit
def diffuse(plate: float64[:, ::1], rate: float64, steps: int64):
    """The plate after a number of steps."""
    old = plate.copy()
    new = plate.copy()
    for _ in range(steps):
        step(old, new, rate)
        old, new = new, old
    return old


@njit(parallel=True)
def diffuse_parallel(plate, rate, steps):
    """The same, rows in parallel."""
    old, new = plate.copy(), plate.copy()
    rows, columns = plate.shape
    for _ in range(steps):
        for i in prange(1, rows - 1):
            for j in range(1, columns - 1):
                around = old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1]
                new[i, j] = old[i, j] + rate * (around - 4.0 * old[i, j])
        old, new = new, old
    return old


@njit
def hottest(plate):
    """Where the highest temperature stands, and the temperature."""
    best, row, column = plate[0, 0], 0, 0
    for i in range(plate.shape[0]):
        for j in range(plate.shape[1]):
            if plate[i, j] > best:
                best, row, column = plate[i, j], i, j
    return row, column, best


@njit
def hot_spot(size: int, steps: int):
    """A plate with one hot cell in a corner of its middle, some steps later."""
    plate = np.zeros((size, size))
    plate[size // 2, size // 2] = 100.0
    return hottest(diffuse(plate, 0.2, steps))
