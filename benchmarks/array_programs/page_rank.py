"""The rank of pages by power iteration on a list of links."""

import numpy as np


def arguments(random):
    n = 50_000
    return random.integers(0, n, 8 * n), random.integers(0, n, 8 * n), n, 10


def program(source, target, n, steps):
    out = np.maximum(np.bincount(source, minlength=n), 1)
    rank = np.full(n, 1.0 / n)
    for _ in range(steps):
        share = rank / out
        gathered = np.bincount(target, share[source], minlength=n)
        rank = 0.15 / n + 0.85 * gathered
        rank /= rank.sum()
    return rank
