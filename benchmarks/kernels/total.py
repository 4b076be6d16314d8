"""The sum of an array: NumPy's own method in Python, a plain loop in C."""

from numir import njit


@njit
def run(a):
    """The sum."""
    return a.sum()
