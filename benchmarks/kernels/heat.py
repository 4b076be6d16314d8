"""Heat in a plate: a 5-point stencil without any mathematics beyond additions, so that memory and checks show."""

from numir import njit


@njit
def run(old, new, rate):
    """One step from `old` to `new`."""
    rows, columns = old.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            around = old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1]
            new[i, j] = old[i, j] + rate * (around - 4.0 * old[i, j])
