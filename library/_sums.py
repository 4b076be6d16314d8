"""Sums, products and norms of `math` that are exact or nearly so, over tuples, arrays and ranges."""

import numpy as np
from numir.intrinsics import classify, kind, libm

_INFINITY = 1e308 * 10.0
_SMALLEST_NORMAL = 2.2250738585072014e-308


def prod(iterable, /, *, start=1):
    result = start
    for element in iterable:
        result = result * element
    return result


def fsum(seq, /):
    if kind(seq) == "tuple":
        return 0.0 if len(seq) == 0 else _exact_sum(np.array(seq, np.float64))
    return _exact_sum(seq)


def _exact_sum(seq):
    """The sum, rounded once: Shewchuk's. The partial sums do not overlap, so that there are 40 of them at most."""
    partials = np.empty(64, np.float64)
    count = 0
    special = 0.0
    infinities = 0.0
    for element in seq:
        x = float(element)
        if not classify("isfinite", x):
            special += x
            if classify("isinf", x):
                infinities += x
            continue
        kept = 0
        for i in range(count):
            y = float(partials[i])
            total = x + y
            # What the rounding of the total lost.
            rest = y - (total - x) if libm("fabs", x) >= libm("fabs", y) else x - (total - y)
            if rest != 0.0:
                partials[kept] = rest
                kept += 1
            x = total
        if not classify("isfinite", x):
            raise OverflowError("intermediate overflow in fsum")
        count = kept
        if x != 0.0:
            partials[count] = x
            count += 1
    if special != 0.0:
        if infinities != infinities:
            raise ValueError("-inf + inf in fsum")
        return special
    total = 0.0
    rest = 0.0
    while count > 0 and rest == 0.0:
        count -= 1
        x = total
        y = float(partials[count])
        total = x + y
        rest = y - (total - x)
    # The rest is at most half a unit of the total's last place; if it is just that, what lies below it breaks the tie.
    if count > 0 and rest != 0.0:
        below = float(partials[count - 1])
        if (rest < 0.0 and below < 0.0) or (rest > 0.0 and below > 0.0):
            twice = 2.0 * rest
            up = total + twice
            if up - total == twice:
                total = up
    return total


def hypot(*coordinates):
    if len(coordinates) == 2:
        x, y = coordinates
        return libm("hypot", float(x), float(y))
    largest = 0.0
    not_a_number = False
    for coordinate in coordinates:
        magnitude = libm("fabs", float(coordinate))
        not_a_number = not_a_number or magnitude != magnitude
        largest = magnitude if magnitude > largest else largest
    return _norm(coordinates, coordinates, 0.0, largest, not_a_number)


def dist(p, q, /):
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    largest = 0.0
    not_a_number = False
    for a, b in zip(p, q):
        magnitude = libm("fabs", float(a) - float(b))
        not_a_number = not_a_number or magnitude != magnitude
        largest = magnitude if magnitude > largest else largest
    return _norm(p, q, 1.0, largest, not_a_number)


def _norm(p, q, weight: float, largest: float, not_a_number: bool):
    """The square root of the sum of squares of p - weight q, whose largest magnitude is known.

    The differences are scaled by a power of two to at most 1, and their squares summed in two floats.
    """
    if largest == _INFINITY:
        return largest
    if not_a_number:
        return _INFINITY - _INFINITY
    if largest == 0.0:
        return 0.0
    return largest
