"""The distance of two long words by two rows of a table: each item depends on the one before."""

from numir import njit


@njit
def run(a, b, above, here):
    """The distance; the rows are given."""
    for j in range(len(b) + 1):
        above[j] = j
    for i in range(1, len(a) + 1):
        here[0] = i
        for j in range(1, len(b) + 1):
            best = above[j - 1]
            if a[i - 1] != b[j - 1]:
                best += 1
            best = min(best, above[j] + 1, here[j - 1] + 1)
            here[j] = best
        above, here = here, above
    return above[len(b)]
