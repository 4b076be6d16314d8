"""Python's built-in functions, as far as they are not primitives."""

from numir.intrinsics import classify, kind, libm


def sum(iterable, /, start=0):
    total = start
    for element in iterable:
        total = total + element
    return total


def any(iterable, /):
    for element in iterable:
        if element:
            return True
    return False


def all(iterable, /):
    for element in iterable:
        if not element:
            return False
    return True


def round(number, ndigits=None):
    if ndigits is None:
        if kind(number) == "int" or kind(number) == "bool":
            return +number
        return int(libm("rint", number))
    if kind(number) == "int" or kind(number) == "bool":
        return _round_int(+number, ndigits)
    return _round_float(number, ndigits)


def _round_int(number, ndigits):
    if ndigits >= 0:
        return number
    unit = 1
    for _ in range(-ndigits):
        if unit > 100000000000000000:
            return number - number
        unit *= 10
    rest = number % unit
    down = number - rest
    if 2 * rest > unit or (2 * rest == unit and down // unit % 2 == 1):
        return down + unit
    return down


def _round_float(number, ndigits):
    if not classify("isfinite", number) or ndigits > 300:
        return number
    if ndigits < -308:
        return 0.0 * number
    scale = libm("pow", 10.0, 1.0 * ndigits)
    scaled = number * scale
    if not classify("isfinite", scaled):
        return number
    nearest = libm("rint", scaled)
    # The product is rounded; its error tells on which side of a tie the number really lies.
    error = libm("fma", number, scale, -scaled)
    distance = scaled - libm("floor", scaled)
    if distance == 0.5 and error != 0.0:
        nearest = libm("floor", scaled) + (1.0 if error > 0.0 else 0.0)
    return nearest / scale
