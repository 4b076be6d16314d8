"""Programs that print: numbers of all kinds, tables, separators and ends."""

import math

import numpy as np
from numir import njit


@njit
def values():
    """One of each kind."""
    print(1, -2.5, True, None, "text", 3 + 4j)
    print((1, 2.0, (False, "inner")), (7,), ())
    print(1e308 * 10, -math.inf, math.nan, -0.0, 1e16, 1e-5, 0.1 + 0.2)
    print(np.int8(-3), np.float32(0.1), np.uint64(18446744073709551615), np.bool_(True))
    print((np.float32(0.1), np.int16(5)))


@njit
def separators(n: int):
    """A line built of pieces."""
    for i in range(n):
        print(i, i * i, sep="^2=", end="; ")
    print()
    print(1, 2, 3, sep="")
    print("a", "b", sep=", ", end="!\n")


@njit
def table(start: float, stop: float, steps: int):
    """Roots of numbers."""
    for x in np.linspace(start, stop, steps):
        print(float(x), "has the root", math.sqrt(x))


@njit
def warn_and_fail(n: int):
    """What was printed before an error stays."""
    print("before", n)
    if n > 0:
        raise ValueError("n is positive")
    print("after")
