"""The distance of two words by Levenshtein, and the length of their longest common part."""

import numpy as np
from numir import njit, uint8


@njit
def levenshtein(a: uint8[::1], b: uint8[::1]):
    """How many insertions, deletions and exchanges turn `a` into `b`; two rows of the table."""
    above = np.arange(len(b) + 1)
    here = np.empty(len(b) + 1, np.int64)
    for i in range(1, len(a) + 1):
        here[0] = i
        for j in range(1, len(b) + 1):
            change = above[j - 1] + (a[i - 1] != b[j - 1])
            here[j] = min(change, above[j] + 1, here[j - 1] + 1)
        above, here = here, above
    return above[-1]


@njit
def table(a, b, substitution: int = 1):
    """The whole table of distances."""
    distance = np.zeros((len(a) + 1, len(b) + 1), np.int32)
    distance[:, 0] = np.arange(len(a) + 1)
    distance[0, :] = np.arange(len(b) + 1)
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            cost = 0 if x == y else substitution
            distance[i, j] = min(distance[i - 1, j - 1] + cost, distance[i - 1, j] + 1, distance[i, j - 1] + 1)
    return distance


@njit
def common(a, b):
    """The length of the longest common subsequence, by memory along a diagonal."""
    length = np.zeros(len(b) + 1, np.int64)
    for x in a:
        diagonal = 0
        for j in range(1, len(b) + 1):
            saved = length[j]
            if x == b[j - 1]:
                length[j] = diagonal + 1
            elif length[j - 1] > length[j]:
                length[j] = length[j - 1]
            diagonal = saved
    return length[len(b)]
