"""Every way to call: defaults, keywords, keyword-only, *args, nested functions, lambdas, functions of other files."""

import math

import numpy as np
from geometry import area, centroid
from geometry import perimeter as length_around
from numir import njit

SCALE = 2.5
OFFSETS = (1, -2, 3)


@njit
def affine(x, slope=SCALE, intercept=0.0):
    """slope * x + intercept."""
    return slope * x + intercept


@njit
def clamp(x, *, low=0.0, high=1.0):
    """x, but not below `low` and not above `high`."""
    return low if x < low else high if x > high else x


@njit
def mean(*values):
    """The mean of the arguments."""
    assert len(values) > 0, "at least one value"
    return sum(values) / len(values)


@njit
def weighted(weight, *values, power=1):
    """A weighted sum of powers."""
    total = 0
    for value in values:
        total += value**power
    return weight * total


@njit
def keywords(x: float):
    """Arguments by place, by name, in another order, and starred."""
    both = (2.0, 1.0)
    return (
        affine(x),
        affine(x, 3.0),
        affine(x, intercept=1.0),
        affine(intercept=-1, x=x, slope=2),
        affine(x, *both),
        clamp(x, high=0.25),
        clamp(-x, low=-0.5),
        mean(x, 2, x * x),
        weighted(2, *OFFSETS, power=3),
    )


@njit
def nested(x: float, n: int):
    """Functions inside a function see the names around them."""
    shift = x / 2

    def once(y):
        return y * y - shift

    def twice(y, factor=2):
        return factor * once(once(y))

    for _ in range(n):
        x = twice(x, factor=0.5)
    smaller = lambda a, b: a if a < b else b  # noqa: E731
    return smaller(x, 100.0), (lambda v: v + n)(shift)


@njit
def polygon(corners):
    """Area, perimeter and centre of a polygon, by another file."""
    return area(corners), length_around(corners), centroid(corners)


@njit
def regular(sides: int, radius: float = 1.0):
    """The same for a regular polygon."""
    corners = np.empty((sides, 2))
    for k in range(sides):
        angle = 2 * math.pi * k / sides
        corners[k] = radius * math.cos(angle), radius * math.sin(angle)
    return polygon(corners)
