"""Items fetched by indices that stand in an array: a check per item that no analysis can remove."""

from numir import njit


@njit
def run(source, index, target):
    """target[i] = source[index[i]]."""
    for i in range(len(index)):
        target[i] = source[index[i]]
