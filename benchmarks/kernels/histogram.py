"""How often each byte occurs: stores at places that depend on data."""

from numir import njit


@njit
def run(data, counts):
    """Count anew."""
    for value in range(len(counts)):
        counts[value] = 0
    for i in range(len(data)):
        counts[data[i]] += 1
