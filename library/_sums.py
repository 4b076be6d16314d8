"""Sums, products and norms of `math` that are exact or nearly so, over tuples, arrays and ranges."""

import numpy as np
from numir.intrinsics import bits, classify, elementary, kind, libm

_INFINITY = 1e308 * 10.0


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
        return elementary("hypot", float(x), float(y))
    largest = 0.0
    strange = 0.0
    for coordinate in coordinates:
        x = float(coordinate)
        largest = max(largest, libm("fabs", x))
        strange += x - x
    if largest == 0.0 or strange != 0.0:
        return largest if largest == _INFINITY else largest + strange
    scale = _scale(largest)
    high, low = 0.0, 0.0
    for coordinate in coordinates:
        high, low = _add_square(high, low, float(coordinate) * scale)
    return _root(high, low) / scale


def dist(p, q, /):
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    largest = 0.0
    strange = 0.0
    for a, b in zip(p, q):
        x = float(a) - float(b)
        largest = max(largest, libm("fabs", x))
        strange += x - x
    if largest == 0.0 or strange != 0.0:
        return largest if largest == _INFINITY else largest + strange
    scale = _scale(largest)
    high, low = 0.0, 0.0
    for a, b in zip(p, q):
        high, low = _add_square(high, low, (float(a) - float(b)) * scale)
    return _root(high, low) / scale


def _scale(largest: float):
    """A power of two that brings a positive float to about 1, or a subnormal one near that."""
    return bits(max(2046 - (bits(largest) >> 52), 1) << 52)


def _add_square(high: float, low: float, x: float):
    """high + low + x**2, in two floats as well."""
    square = x * x
    total = high + square
    back = total - square
    lost = (high - back) + (square - (total - back))
    return total, low + (libm("fma", x, x, -square) + lost)


def _root(high: float, low: float):
    """The square root of high + low: a step of Newton's from that of a single float."""
    root = libm("sqrt", high + low)
    return root + (libm("fma", -root, root, high) + low) / (2.0 * root)
