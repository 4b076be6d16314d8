"""Convolution in two dimensions in single precision, and in one dimension with three kinds of edge."""

import numpy as np
from numir import float32, njit, prange

VALID, SAME, FULL = 0, 1, 2


@njit(parallel=True)
def convolve2d(image: float32[:, :], kernel: float32[:, :]):
    """The part where kernel and image overlap wholly."""
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError("the kernel is larger than the image")
    result = np.empty((rows, columns), np.float32)
    for i in prange(rows):
        for j in range(columns):
            total = np.float32(0)
            for k in range(kernel.shape[0]):
                for m in range(kernel.shape[1]):
                    total += image[i + k, j + m] * kernel[-1 - k, -1 - m]
            result[i, j] = total
    return result


@njit
def convolve1d(signal, kernel, mode=VALID):
    """As NumPy's convolve: the whole result first, then the part that was asked for."""
    n, k = len(signal), len(kernel)
    whole = np.zeros(n + k - 1, signal.dtype)
    for i in range(n):
        for j in range(k):
            whole[i + j] += signal[i] * kernel[j]
    if mode == FULL:
        return whole
    if mode == SAME:
        start = (k - 1) // 2
        return whole[start : start + max(n, k)]
    elif mode == VALID:
        short = min(n, k)
        return whole[short - 1 : max(n, k)]
    raise ValueError("no such mode")
