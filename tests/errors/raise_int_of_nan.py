# run: f
# error: ValueError: cannot convert float NaN to integer
# line: 11
import math

from numir import njit


@njit
def f():
    return int(math.nan)
