"""A sum of products by a plain loop, in the order in which it is written."""

from numir import njit


@njit
def run(a, b):
    """The scalar product."""
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total
