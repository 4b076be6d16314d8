"""Filters by rank: the running median of a signal, of a picture, and the extremes of a window by a queue."""

import numpy as np
from numir import njit, prange


@njit
def insert(window, count, item):
    """Put an item into a sorted window."""
    place = count
    while place > 0 and window[place - 1] > item:
        window[place] = window[place - 1]
        place -= 1
    window[place] = item


@njit
def remove(window, count, item):
    """Take an item out of a sorted window."""
    place = 0
    while window[place] != item:
        place += 1
    window[place : count - 1] = window[place + 1 : count]


@njit
def running_median(signal, width: int):
    """The median over a window of odd width; shorter by the width less one."""
    if width < 1 or width % 2 == 0:
        raise ValueError("the width must be odd and positive")
    if width > len(signal):
        return np.empty(0, signal.dtype)
    window = np.empty(width, signal.dtype)
    for i in range(width):
        insert(window, i, signal[i])
    result = np.empty(len(signal) - width + 1, signal.dtype)
    result[0] = window[width // 2]
    for i in range(width, len(signal)):
        remove(window, width, signal[i - width])
        insert(window, width - 1, signal[i])
        result[i - width + 1] = window[width // 2]
    return result


@njit(parallel=True)
def despeckle(image):
    """Each inner cell by the median of the nine around it; each row with a window of its own."""
    result = image.copy()
    for i in prange(1, image.shape[0] - 1):
        window = np.empty(9, image.dtype)
        for j in range(1, image.shape[1] - 1):
            count = 0
            for item in image[i - 1 : i + 2, j - 1 : j + 2].ravel():
                insert(window, count, item)
                count += 1
            result[i, j] = window[4]
    return result


@njit
def running_max(signal, width):
    """The maximum over a window, by a queue of candidates."""
    queue = np.empty(len(signal), np.int64)
    head = tail = 0
    result = np.empty(max(len(signal) - width + 1, 0), signal.dtype)
    for i, item in enumerate(signal):
        while tail > head and signal[queue[tail - 1]] <= item:
            tail -= 1
        queue[tail] = i
        tail += 1
        if queue[head] <= i - width:
            head += 1
        if i >= width - 1:
            result[i - width + 1] = signal[queue[head]]
    return result
