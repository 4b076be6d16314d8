"""Sets that merge: union by size with path halving, used for pictures and for spanning trees."""

import numpy as np
from numir import int64, njit


@njit
def root(parent: int64[:], item):
    """The representative of an item's set; the way there gets shorter."""
    while parent[item] != item:
        parent[item] = parent[parent[item]]
        item = parent[item]
    return item


@njit
def union(parent, size, a, b):
    """Merge two sets; whether they were two."""
    a, b = root(parent, a), root(parent, b)
    if a == b:
        return False
    if size[a] < size[b]:
        a, b = b, a
    parent[b] = a
    size[a] += size[b]
    return True


@njit
def components(edges, count):
    """How many parts a graph has, and the size of its largest."""
    parent = np.arange(count)
    size = np.ones(count, np.int64)
    parts = count
    for i in range(len(edges)):
        if union(parent, size, edges[i, 0], edges[i, 1]):
            parts -= 1
    return parts, size.max()


@njit
def label(picture):
    """Number the connected regions of the cells that are set, from 1, in reading order."""
    rows, columns = picture.shape
    parent = np.arange(rows * columns)
    size = np.ones(rows * columns, np.int64)
    for i in range(rows):
        for j in range(columns):
            if not picture[i, j]:
                continue
            here = i * columns + j
            if i > 0 and picture[i - 1, j]:
                union(parent, size, here, here - columns)
            if j > 0 and picture[i, j - 1]:
                union(parent, size, here, here - 1)
    numbers = np.zeros(rows * columns, np.int32)
    labels = np.zeros((rows, columns), np.int32)
    count = 0
    for i in range(rows):
        for j in range(columns):
            if picture[i, j]:
                top = root(parent, i * columns + j)
                if numbers[top] == 0:
                    count += 1
                    numbers[top] = count
                labels[i, j] = numbers[top]
    return labels, count
