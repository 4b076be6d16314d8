"""The runtime's routines of dense linear algebra, as the library calls them: what they take and what they tell."""

import numpy as np
from numir.intrinsics import kind


def number_kind(dtype):
    """What the routines call the numbers."""
    if kind(dtype(0)) == "complex":
        return 3 if dtype == np.complex128 else 2
    return 1 if dtype == np.float64 else 0


def failed(status: int):
    """Whether a routine found a matrix that it can do nothing with."""
    if status == 1:
        raise MemoryError("no memory for linear algebra")
    return status != 0


def inexact(a):
    """The type that linear algebra computes in."""
    number = a.dtype(0)
    if kind(number) == "bool" or kind(number) == "int":
        return np.float64
    if a.dtype == np.float16:
        raise TypeError("array type float16 is unsupported in linalg")
    return a.dtype


def epsilon(a):
    """The distance of 1 from the next number of an array of floats."""
    return 2.0**-52 if a.dtype == np.float64 else 2.0**-23


def square(a):
    if a.ndim < 2:
        raise np.linalg.LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")


def stacked(a):
    """A copy as matrices in C order, one after the other."""
    result = np.empty(a.shape, inexact(a))
    result[...] = a
    m, n = a.shape[-2], a.shape[-1]
    count = 1
    for extent in a.shape[:-2]:
        count *= extent
    return result.reshape((count, m, n))
