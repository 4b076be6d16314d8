# run: f 8
# error: TypingError: two iterations of this prange loop may update the same item of `counts`
# line: 13
# marks: counts[i % 4] +=
import numpy as np
from numir import njit, prange


@njit(parallel=True)
def f(n: int):
    counts = np.zeros(4, np.int64)
    for i in prange(n):
        counts[i % 4] += counts[0]
    return counts
