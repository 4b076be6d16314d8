# run: f 8
# error: TypingError: two iterations of this prange loop may update the same item of `counts`
# line: 17
import numpy as np
from numir import njit, prange


@njit(parallel=True)
def f(n: int):
    counts = np.zeros(4, np.int64)
    other = counts

    def first():
        return other[0]

    for i in prange(n):
        counts[i % 4] += other[1] + first()
    return counts
