"""The game of life on a torus."""

import numpy as np
from numir import njit, prange, uint8


@njit
def neighbours(world, row, column):
    """How many of the eight cells around are alive."""
    rows, columns = world.shape
    count = 0
    for di in (-1, 0, 1):
        for dj in (-1, 0, 1):
            if di != 0 or dj != 0:
                count += world[(row + di) % rows, (column + dj) % columns]
    return count


@njit(parallel=True)
def generation(world: uint8[:, :]):
    """The world one generation later."""
    after = np.zeros_like(world)
    for i in prange(world.shape[0]):
        for j in range(world.shape[1]):
            count = neighbours(world, i, j)
            after[i, j] = 1 if count == 3 or (count == 2 and world[i, j]) else 0
    return after


@njit
def live(world, generations):
    """The world after some generations, and how many cells lived in each."""
    population = np.zeros(generations + 1, np.int64)
    population[0] = world.sum()
    for g in range(generations):
        world = generation(world)
        population[g + 1] = world.sum()
        if population[g + 1] == 0:
            break
    return world, population


@njit
def glider(size: int, generations: int):
    """Where the cells of a glider stand after some generations."""
    world = np.zeros((size, size), dtype=np.uint8)
    world[1, 2] = world[2, 3] = 1
    world[3, 1:4] = 1
    world, _ = live(world, generations)
    top, left = size, size
    for i, row in enumerate(world):
        for j, cell in enumerate(row):
            if cell:
                top, left = min(top, i), min(left, j)
    return top, left
