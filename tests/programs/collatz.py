"""Collatz: the longest way to 1, in parallel; and the greatest number on the way."""

import numpy as np
from numir import int64, njit, prange


@njit
def length(n: int64):
    """How many steps lead to 1."""
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@njit
def peak(n: int) -> int:
    """The greatest number on the way."""
    highest = n
    while n > 1:
        if (n := n >> 1 if n & 1 == 0 else 3 * n + 1) > highest:
            highest = n
    return highest


@njit(parallel=True)
def longest(limit):
    """The longest way from any number below `limit`, and a smallest number that has it."""
    most = 0
    for n in prange(1, limit):
        most = max(most, length(n))
    for n in range(1, limit):
        if length(n) == most:
            return n, most
    return 0, most


@njit
def lengths(limit: int):
    """All lengths, each from those known before."""
    known = np.zeros(limit, np.int32)
    for start in range(2, limit):
        n, steps = start, 0
        while n >= start:
            n = 3 * n + 1 if n % 2 else n // 2
            steps += 1
        known[start] = steps + known[n]
    return known
