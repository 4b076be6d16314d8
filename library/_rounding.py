"""Rounding a float to decimal places as Python does: the nearest decimal number, of two the even, and of that the nearest float.

Where the scaled number is below 2**52 and the power of ten a float, one product and its error decide. Else numbers are
pairs of floats, high + low: exact up to 22 places and in every tie there can be, and beyond with 40 bits to spare.
"""

from math import frexp, ldexp

from numir.intrinsics import classify, libm


def round_float(x: float, ndigits: int):
    if x == 0.0 or not classify("isfinite", x) or ndigits > 323:
        return x
    if ndigits < -308:
        return 0.0 * x
    magnitude = libm("fabs", x)
    if 0 <= ndigits <= 22:
        power = _power_of_ten(ndigits)
        scaled = magnitude * power
        if scaled < 4503599627370496.0:
            nearest = libm("rint", scaled)
            if libm("fabs", scaled - nearest) == 0.5:
                # A tie, unless the product was rounded to it.
                error = libm("fma", magnitude, power, -scaled)
                if error != 0.0:
                    nearest = libm("floor", scaled) + (1.0 if error > 0.0 else 0.0)
            return libm("copysign", nearest / power, x)
    return libm("copysign", _by_pairs(magnitude, ndigits), x)


def _power_of_ten(n: int):
    """10**n for 0 <= n <= 22, exactly."""
    result = 1.0
    power = 10.0
    while n > 0:
        if n & 1:
            result *= power
        power *= power
        n >>= 1
    return result


def _by_pairs(magnitude: float, ndigits: int):
    fraction, exponent = frexp(magnitude)
    if exponent + 3 * ndigits > 60 and ndigits >= 0:
        return magnitude
    high, low = _times_power_of_five(fraction, 0.0, ndigits)
    high = ldexp(high, exponent + ndigits)
    if high >= 18014398509481984.0:
        # Its own last place is worth more than the last decimal one.
        return magnitude
    integer = _nearest_integer(high, ldexp(low, exponent + ndigits))
    high = float(integer)
    high, low = _times_power_of_five(high, float(integer - int(high)), -ndigits)
    if ndigits < 0 and high + low > ldexp(1.7976931348623157e308, ndigits):
        raise OverflowError("rounded value too large to represent")
    if ndigits > 22 and high < ldexp(1.0, ndigits - 1022):
        # A subnormal result is rounded at its own last place.
        places = 1074 - ndigits
        return ldexp(float(_nearest_integer(ldexp(high, places), ldexp(low, places))), -1074)
    return ldexp(high + low, -ndigits)


def _times_power_of_five(high: float, low: float, n: int):
    """(high + low) * 5**n, as a pair."""
    power, rest = 1.0, 0.0
    for _ in range(abs(n)):
        product = 5.0 * power
        rest = libm("fma", 5.0, power, -product) + 5.0 * rest
        power = product + rest
        rest = (product - power) + rest
    if n >= 0:
        product = high * power
        error = libm("fma", high, power, -product) + (high * rest + low * power)
    else:
        product = high / power
        error = (libm("fma", -product, power, high) - product * rest + low) / power
    total = product + error
    return total, (product - total) + error


def _nearest_integer(high: float, low: float):
    """The int nearest to high + low, of two the even."""
    below = libm("floor", high)
    integer = int(below)
    rest = high - below
    beyond = (rest - 0.5) + low
    if beyond > 0.0 or (beyond == 0.0 and integer & 1):
        return integer + 1
    short = (rest + 0.5) + low
    if short < 0.0 or (short == 0.0 and integer & 1):
        return integer - 1
    return integer
