"""Rounding a float to decimal places as Python does: the nearest decimal number, of two the even, and of that the nearest float.

Up to 22 places a power of ten is a float, and one product and its error decide. Beyond, the number is written out as a
fixed-point decimal number that holds every float exactly.
"""

from math import frexp, ldexp

import numpy as np
from numir.intrinsics import classify, libm

# Limbs of nine digits, the lowest first: 1080 digits behind the point, and 360 before it.
_LIMBS = 160
_UNITS = 120
_BASE = 1000000000


def round_float(x: float, ndigits: int):
    if x == 0.0 or not classify("isfinite", x) or ndigits > 323:
        return x
    if ndigits < -308:
        return 0.0 * x
    magnitude = libm("fabs", x)
    if ndigits < 0:
        result = _to_tens(magnitude, -ndigits) if ndigits >= -22 else _exactly(magnitude, ndigits)
        if classify("isinf", result):
            raise OverflowError("rounded value too large to represent")
        return libm("copysign", result, x)
    power = _power_of_ten(min(ndigits, 22))
    scaled = magnitude * power
    if scaled >= 18014398509481984.0:
        # Its own last place is worth more than the last decimal one.
        return x
    if scaled >= 4503599627370496.0 or ndigits > 22:
        return libm("copysign", _exactly(magnitude, ndigits), x)
    nearest = libm("rint", scaled)
    if libm("fabs", scaled - nearest) == 0.5:
        # A tie, unless the product was rounded to it.
        error = libm("fma", magnitude, power, -scaled)
        if error != 0.0:
            nearest = libm("floor", scaled) + (1.0 if error > 0.0 else 0.0)
    return libm("copysign", nearest / power, x)


def _power_of_ten(n: int):
    """10**n for 0 <= n <= 22, exactly."""
    result = 1.0
    for bit, power in ((1, 1e1), (2, 1e2), (4, 1e4), (8, 1e8), (16, 1e16)):
        if n & bit:
            result *= power
    return result


def _to_tens(magnitude: float, places: int):
    """The nearest multiple of 10**places, at most 10**22. The remainders are exact, so only the last step rounds."""
    unit = _power_of_ten(places)
    rest = libm("fmod", magnitude, unit)
    odd = libm("fmod", magnitude, 2.0 * unit) >= unit
    if 2.0 * rest > unit or (2.0 * rest == unit and odd):
        return magnitude + (unit - rest)
    return magnitude - rest


def _exactly(magnitude: float, ndigits: int):
    fraction, exponent = frexp(magnitude)
    exponent = max(exponent - 53, -1074)
    integer = int(ldexp(fraction, 53)) if exponent > -1074 else int(ldexp(magnitude, 1074))
    limbs = np.zeros(_LIMBS, np.int64)
    limbs[_UNITS] = integer % _BASE
    limbs[_UNITS + 1] = integer // _BASE
    _scale(limbs, exponent)
    _round_limbs(limbs, 9 * _UNITS - ndigits)
    # As an integer of 55 to 58 bits, the last of which is set if anything lies below it.
    _scale(limbs, 4 - exponent)
    integer = int(limbs[_UNITS]) + _BASE * int(limbs[_UNITS + 1])
    for i in range(_UNITS):
        if limbs[i] != 0:
            integer |= 1
    if exponent == -1074 and integer < 1 << 57:
        # The last place of a subnormal number is fixed.
        return ldexp(float((integer + 7 + (integer >> 4 & 1)) >> 4), exponent)
    leading = 0.0625 * float(integer)
    if exponent == 971 and leading >= 9007199254740992.0:
        return 1e308 * 10.0
    return ldexp(leading, exponent)


def _scale(limbs, exponent: int):
    """Multiplies by 2**exponent; what the division drops lies beyond the last digit of any float."""
    while exponent > 0:
        step = min(exponent, 29)
        carry = 0
        for i in range(_LIMBS):
            total = (int(limbs[i]) << step) + carry
            limbs[i] = total % _BASE
            carry = total // _BASE
        exponent -= step
    while exponent < 0:
        step = min(-exponent, 29)
        rest = 0
        for i in range(_LIMBS - 1, -1, -1):
            total = rest * _BASE + int(limbs[i])
            limbs[i] = total >> step
            rest = total & ((1 << step) - 1)
        exponent += step


def _round_limbs(limbs, dropped: int):
    """Rounds away the last `dropped` digits."""
    place = dropped // 9
    unit = int(_power_of_ten(dropped % 9))
    rest = int(limbs[place]) % unit
    odd = int(limbs[place]) // unit % 2 == 1
    above = unit
    below = place
    first = rest
    if unit == 1:
        above = _BASE
        below = place - 1
        first = int(limbs[below])
    more = False
    for i in range(below):
        more = more or limbs[i] != 0
    for i in range(place):
        limbs[i] = 0
    limbs[place] -= rest
    if 2 * first > above or (2 * first == above and (more or odd)):
        limbs[place] += unit
        while limbs[place] >= _BASE:
            limbs[place] -= _BASE
            place += 1
            limbs[place] += 1
