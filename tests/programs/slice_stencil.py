"""A stencil by slices: the right side reads what the left side writes, so that overlaps decide."""

from numir import float64, int64, njit


@njit
def smooth(plate: float64[:, ::1], steps: int64):
    """The plate after some steps in place."""
    u = plate.copy()
    for _ in range(steps):
        u[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
    return u
