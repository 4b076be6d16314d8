"""The rank of pages on a list of links: gathers, and sums by target."""

import numpy as np
from numir import int64, njit


@njit
def rank_pages(source: int64[::1], target: int64[::1], pages: int64, steps: int64):
    """The ranks after some steps of power iteration."""
    out = np.maximum(np.bincount(source, minlength=pages), 1)
    rank = np.full(pages, 1.0 / pages)
    for _ in range(steps):
        share = rank / out
        rank = 0.15 / pages + 0.85 * np.bincount(target, share[source], minlength=pages)
    return rank
