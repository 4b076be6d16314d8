"""Conway's game of life with integers and masks."""

import numpy as np


def arguments(random):
    return (random.random((1000, 1000)) < 0.3).astype(np.int32), 10


def program(start, steps):
    cells = start.copy()
    for _ in range(steps):
        n = (
            cells[:-2, :-2]
            + cells[:-2, 1:-1]
            + cells[:-2, 2:]
            + cells[1:-1, :-2]
            + cells[1:-1, 2:]
            + cells[2:, :-2]
            + cells[2:, 1:-1]
            + cells[2:, 2:]
        )
        alive = cells[1:-1, 1:-1] == 1
        born = (n == 3) | (alive & (n == 2))
        cells[1:-1, 1:-1] = np.where(born, 1, 0)
    return cells
