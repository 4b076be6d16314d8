# run: f 8
# error: TypingError: an item of `counts`, int64[::1], becomes float64 here
# line: 12
import numpy as np
from numir import njit, prange


@njit(parallel=True)
def f(n: int):
    counts = np.zeros(4, np.int64)
    for i in prange(n):
        counts[i % 4] += 0.5
    return counts
