"""Water through a grid: flood fill with a stack of one's own, the size of clusters, shortest ways by waves."""

import numpy as np
from numir import int64, njit


@njit
def flood(open_cells, wet, row, column):
    """Wet all open cells that a cell is connected to; how many they are."""
    rows, columns = open_cells.shape
    stack = np.empty((rows * columns * 4 + 1, 2), np.int32)
    stack[0] = row, column
    depth = 1
    count = 0
    while depth:
        depth -= 1
        i, j = stack[depth]
        if not (0 <= i < rows and 0 <= j < columns) or not open_cells[i, j] or wet[i, j]:
            continue
        wet[i, j] = True
        count += 1
        for di, dj in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            stack[depth] = i + di, j + dj
            depth += 1
    return count


@njit
def percolates(open_cells):
    """Whether water from above reaches the lowest row, and how many cells are wet."""
    wet = np.zeros_like(open_cells)
    cells = 0
    for column in range(open_cells.shape[1]):
        cells += flood(open_cells, wet, 0, column)
    for cell in wet[-1]:
        if cell:
            return True, cells
    return False, cells


@njit
def waves(walls, start: int64, goal: int64):
    """The length of the shortest way in a maze, cells numbered row by row; None if there is none."""
    rows, columns = walls.shape
    distance = np.full(walls.size, -1, np.int64)
    queue = np.empty(walls.size, np.int64)
    queue[0], distance[start] = start, 0
    head, tail = 0, 1
    while head < tail:
        cell = queue[head]
        head += 1
        if cell == goal:
            return distance[cell]
        i, j = divmod(cell, columns)
        for di in range(-1, 2):
            for dj in range(-1, 2):
                if abs(di) + abs(dj) != 1:
                    continue
                if 0 <= i + di < rows and 0 <= j + dj < columns and not walls[i + di, j + dj]:
                    neighbour = (i + di) * columns + j + dj
                    if distance[neighbour] < 0:
                        distance[neighbour] = distance[cell] + 1
                        queue[tail] = neighbour
                        tail += 1
    return None
