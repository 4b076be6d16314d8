"""Arithmetic and conversions of libdevice that say how they round: the nearest number, corrected by the sign of its error.

A direction is -1 for down, 1 for up, 0 for to zero, 2 for to the nearest. Sums, products, quotients and roots have errors that are numbers
themselves; of float32 they are computed in float64.
"""

import numpy as np
from _libdevice_integers import long, word
from numir.intrinsics import classify, constant, libm, like, reinterpret, to_int, width

# Products below have errors that are no numbers any more, and are looked at as multiples of themselves.
_SMALL = 1e-270
_TIMES = 1.6069380442589903e60


def _next(x, is_up):
    """The number above or below one that is finite, or infinite on the other side."""
    if x == 0:
        return like(x, 1.401298464324817e-45 if width(x) == 32 else 5e-324) * (1 if is_up else -1)
    pattern = reinterpret(x, np.int32 if width(x) == 32 else np.int64)
    return reinterpret(pattern + (1 if (x > 0) == is_up else -1), np.float32 if width(x) == 32 else np.float64)


def _moved(nearest, error, direction):
    """The number next to the nearest one, if the exact value, which is so much more, is to be rounded there."""
    if direction == 2:
        return nearest
    if direction <= 0 and error < 0 and (direction < 0 or nearest > 0):
        return _next(nearest, False)
    if direction >= 0 and error > 0 and (direction > 0 or nearest < 0):
        return _next(nearest, True)
    return nearest


def _narrowed(high, low, direction):
    """high + low as a float32."""
    nearest = np.float32(high)
    rest = high - np.float64(nearest)
    return _moved(nearest, rest if rest != 0 else low, direction)


def _signed_zero(result, a, b, direction):
    """A sum that is zero is negative where it is rounded down, unless both terms are positive zeros."""
    if direction < 0 and result == 0 and (classify("signbit", a) or classify("signbit", b)):
        return -libm("fabs", result)
    return result


def _sum(a, b):
    high = a + b
    part = high - a
    return high, (a - (high - part)) + (b - part)


def _finite(a, b):
    return classify("isfinite", a) and classify("isfinite", b)


def add(x, y, direction: constant):
    if direction == 2:
        return x + y
    a, b = np.float64(x), np.float64(y)
    high, low = _sum(a, b)
    if width(x) == 32:
        return _signed_zero(_narrowed(high, low, direction), a, b, direction)
    error = -high if classify("isinf", high) and _finite(a, b) else low
    return _signed_zero(_moved(high, error, direction), a, b, direction)


def subtract(x, y, direction: constant):
    return add(x, -y, direction)


def multiply(x, y, direction: constant):
    if direction == 2:
        return x * y
    a, b = np.float64(x), np.float64(y)
    product = a * b
    if width(x) == 32:
        return _narrowed(product, 0.0, direction)
    if product == 0 and a != 0 and b != 0:
        error = libm("copysign", 1.0, a) * libm("copysign", 1.0, b)
    elif classify("isinf", product) and _finite(a, b):
        error = -product
    elif libm("fabs", product) < _SMALL:
        # The smaller one may be below the normal numbers, and is not above 1.
        less, more = (a, b) if libm("fabs", a) < libm("fabs", b) else (b, a)
        error = libm("fma", less * _TIMES * _TIMES, more, -(product * _TIMES * _TIMES))
    else:
        error = libm("fma", a, b, -product)
    return _moved(product, error, direction)


def divide(x, y, direction: constant):
    if direction == 2:
        return x / y
    a, b = np.float64(x), np.float64(y)
    quotient = a / b
    if a == 0 or b == 0 or not _finite(a, b):
        return like(x, quotient)
    sign = libm("copysign", 1.0, b)
    if width(x) == 32:
        return _narrowed(quotient, libm("fma", -quotient, b, a) * sign, direction)
    if quotient == 0:
        return _moved(quotient, libm("copysign", 1.0, a) * sign, direction)
    if classify("isinf", quotient):
        return _moved(quotient, -quotient, direction)
    if libm("fabs", a) < _SMALL:
        a, b = a * _TIMES, b * _TIMES
    return _moved(quotient, libm("fma", -quotient, b, a) * sign, direction)


def invert(x, direction: constant):
    return divide(like(x, 1), x, direction)


def root(x, direction: constant):
    if direction == 2:
        return np.sqrt(x)
    wide = np.float64(x)
    nearest = np.sqrt(wide)
    if wide == 0 or not classify("isfinite", nearest):
        return like(x, nearest)
    if width(x) == 32:
        return _narrowed(nearest, libm("fma", -nearest, nearest, wide), direction)
    if wide < _SMALL:
        part = nearest * _TIMES
        return _moved(nearest, libm("fma", -part, part, wide * _TIMES * _TIMES), direction)
    return _moved(nearest, libm("fma", -nearest, nearest, wide), direction)


def inverse_root(x, direction: constant):
    return like(x, 1 / np.sqrt(np.float64(x)))


def fused(x, y, z, direction: constant):
    if direction == 2:
        return libm("fma", x, y, z)
    a, b, c = np.float64(x), np.float64(y), np.float64(z)
    product = a * b
    if width(x) == 32:
        high, low = _sum(product, c)
        return _signed_zero(_narrowed(high, low, direction), product, c, direction)
    # Boldo and Muller's error of a fused product and sum ("Exact and Approximated Error of the FMA", 2011), whose sign is that of its first part.
    nearest = libm("fma", a, b, c)
    if not _finite(product, c):
        return nearest
    if classify("isinf", nearest):
        return _moved(nearest, -nearest, direction)
    inner, below = _sum(c, libm("fma", a, b, -product))
    outer, middle = _sum(product, inner)
    high, low = _sum((outer - nearest) + middle, below)
    return _signed_zero(_moved(nearest, high if high != 0 else low, direction), product, c, direction)


# Conversions.


def narrow(x, direction: constant):
    return np.float32(x) if direction == 2 else _narrowed(x, 0.0, direction)


def narrow_int(x, direction: constant):
    """An int32 as a float32."""
    return narrow(np.float64(x), direction)


def narrow_unsigned(x, direction: constant):
    return narrow(np.float64(reinterpret(x, np.uint32)), direction)


def widen_int(x, direction: constant):
    return np.float64(x)


def widen_unsigned(x, direction: constant):
    return np.float64(reinterpret(x, np.uint32))


def _rounded(nearest, x, direction):
    """A float that is the nearest of an int of 64 bits, rounded as the direction says."""
    # 2**63 and 2**64 are no such ints, and above all of them.
    if nearest >= (9.223372036854775808e18 if isinstance(x, np.int64) else 1.8446744073709551616e19):
        return _moved(nearest, -1.0, direction)
    back = like(x, nearest)
    return _moved(nearest, 1.0 if x > back else -1.0 if x < back else 0.0, direction)


def long_to_double(x, direction: constant):
    return _rounded(np.float64(x), x, direction)


def long_to_float(x, direction: constant):
    return _rounded(np.float32(x), x, direction)


def unsigned_long_to_double(x, direction: constant):
    return _rounded(np.float64(reinterpret(x, np.uint64)), reinterpret(x, np.uint64), direction)


def unsigned_long_to_float(x, direction: constant):
    return _rounded(np.float32(reinterpret(x, np.uint64)), reinterpret(x, np.uint64), direction)


def _whole(x, direction):
    if direction < 0:
        return libm("floor", x)
    if direction == 0:
        return libm("trunc", x)
    return libm("ceil", x) if direction == 1 else libm("rint", x)


def _clamped(x, least, most):
    return least if x < least else most if x > most else x


def to_int32(x, direction: constant):
    if x != x:
        # As hardware has it.
        return np.int32(0) if width(x) == 32 else np.int32(-2147483648)
    whole = np.float64(_whole(x, direction))
    return word(to_int(_clamped(whole, -2147483648.0, 2147483647.0)))


def to_uint32(x, direction: constant):
    if x != x:
        return np.int32(0) if width(x) == 32 else np.int32(-2147483648)
    whole = np.float64(_whole(x, direction))
    return word(to_int(_clamped(whole, 0.0, 4294967295.0)))


def to_int64(x, direction: constant):
    whole = np.float64(_whole(x, direction))
    if whole >= 9.223372036854775808e18:
        return np.int64(9223372036854775807)
    return long(to_int(whole)) if whole >= -9.223372036854775808e18 else np.int64(-9223372036854775807 - 1)


def to_uint64(x, direction: constant):
    whole = np.float64(_whole(x, direction))
    if whole != whole:
        return np.int64(-9223372036854775807 - 1)
    if whole >= 1.8446744073709551616e19:
        return np.int64(-1)
    if whole >= 9.223372036854775808e18:
        return long(to_int(whole - 9.223372036854775808e18) - 9223372036854775807 - 1)
    return long(to_int(whole)) if whole > 0 else np.int64(0)
