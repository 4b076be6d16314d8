"""Sums along the way, in place and along an axis; summed areas, differences, compressed runs."""

import numpy as np
from numir import njit


@njit
def accumulate(items):
    """Replace each item by the sum up to it."""
    for i in range(1, len(items)):
        items[i] += items[i - 1]


@njit
def along(matrix, axis: int):
    """The cumulative sums of a matrix along one axis, as a new matrix."""
    result = matrix.copy()
    view = result if axis == 1 else result.T
    for row in view:
        accumulate(row)
    return result


@njit
def summed_area(image):
    """A table with which the sum of any box takes four reads."""
    rows, columns = image.shape
    table = np.zeros((rows + 1, columns + 1))
    for i in range(rows):
        line = 0.0
        for j in range(columns):
            line += image[i, j]
            table[i + 1, j + 1] = table[i, j + 1] + line
    return table


@njit
def box_sum(table, top, left, bottom, right):
    """The sum of image[top:bottom, left:right]."""
    return table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]


@njit
def differences(items, times: int = 1):
    """Neighbours taken from each other, several times over."""
    for _ in range(times):
        items = items[1:] - items[:-1]
    return items


@njit
def runs(items):
    """Values and lengths of the runs of equal items."""
    values = np.empty_like(items)
    lengths = np.empty(items.size, np.intp)
    count = 0
    for i in range(items.size):
        if i > 0 and items[i] == items[i - 1]:
            lengths[count - 1] += 1
            continue
        values[count], lengths[count] = items[i], 1
        count += 1
    return values[:count].copy(), lengths[:count].copy()


@njit
def brightest_box(image, size: int):
    """The corner of the square box with the greatest sum, and the sum."""
    table = summed_area(image)
    best = -1.0
    where = (0, 0)
    for i in range(image.shape[0] - size + 1):
        for j in range(image.shape[1] - size + 1):
            if (total := box_sum(table, i, j, i + size, j + size)) > best:
                best, where = total, (i, j)
    return where, best
