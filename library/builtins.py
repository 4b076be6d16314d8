"""Python's built-in functions, as far as they are not primitives."""

import numpy as np
from _rounding import round_float
from numir.intrinsics import kind, libm


def sum(iterable, /, start=0):
    if kind(iterable) == "array":
        return _sum_items(iterable, start)
    total = start
    for element in iterable:
        total = total + element
    return total


def _sum_items(array, start):
    if array.ndim > 1:
        total = start + array[0]
        for i in range(1, len(array)):
            total = total + array[i]
        return total
    # Of the items' type from the start on, in which they are added.
    total = start + array.dtype(0)
    for item in array:
        total = total + item
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
    if kind(number) == "int" or kind(number) == "bool":
        return int(number) if ndigits is None else _round_int(number, ndigits)
    if ndigits is None:
        return int(libm("rint", number))
    if isinstance(number, (np.float64, np.float32, np.float16)):
        return _round_scalar(number, ndigits)
    return round_float(number, ndigits)


def _round_int(number: int, ndigits: int):
    if ndigits >= 0 or ndigits < -19:
        return number if ndigits >= 0 else 0
    if ndigits == -19:
        up = number > 5000000000000000000 or number < -5000000000000000000
        if up:
            raise OverflowError("the rounded int does not fit into 64 bits")
        return 0
    unit = 1
    for _ in range(-ndigits):
        unit *= 10
    rest = number % unit
    up = 2 * rest > unit or (2 * rest == unit and number // unit % 2 == 1)
    change = unit - rest if up else -rest
    if number > 9223372036854775807 - change if change > 0 else number < -9223372036854775808 - change:
        raise OverflowError("the rounded int does not fit into 64 bits")
    return number + change


def _round_scalar(number, ndigits: int):
    """As NumPy rounds its scalars: by a product and a quotient, each rounded."""
    power = 1.0
    for _ in range(abs(ndigits)):
        power *= 10.0
    power = number.dtype(power)
    if ndigits >= 0:
        return libm("rint", number * power) / power
    return libm("rint", number / power) * power
