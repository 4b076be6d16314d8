"""Special functions of libdevice that C has not: inverses of the error function and of the normal distribution, and Bessel functions of any order.

They are computed in float64.
"""

import numpy as np
from numir.intrinsics import classify, libm, like, to_int

_ROOT_PI = 1.772453850905516
_ROOT_TWO = 1.4142135623730951


def erfcx(x):
    """exp(x * x) * erfc(x)"""
    return like(x, _scaled_complement(np.float64(x)))


def _scaled_complement(x: float):
    if x < 25.0:
        # The square's own rounding error counts.
        square = x * x
        rest = libm("fma", x, x, -square)
        grown = np.exp(square)
        return grown * libm("erfc", x) * (1.0 + rest) if classify("isfinite", grown) else grown
    # A continued fraction, of which few terms count this far out.
    part = 0.0
    for k in range(12, 0, -1):
        part = 0.5 * k / (x + part)
    return 1.0 / (_ROOT_PI * (x + part))


def erfinv(x):
    wide = np.float64(x)
    if libm("fabs", wide) <= 0.5:
        return like(x, _inverse_near_zero(wide))
    return like(x, libm("copysign", _inverse_of_complement(1.0 - libm("fabs", wide)), wide))


def erfcinv(x):
    wide = np.float64(x)
    if 0.5 <= wide <= 1.5:
        return like(x, _inverse_near_zero(1.0 - wide))
    return like(x, _inverse_of_complement(wide) if wide < 1.0 else -_inverse_of_complement(2.0 - wide))


def _inverse_near_zero(y: float):
    """The x whose error function is y, by Halley's steps."""
    x = y * (0.5 * _ROOT_PI) * (1.0 + 0.2617993877991494 * y * y)
    for _ in range(4):
        step = (libm("erf", x) - y) * (0.5 * _ROOT_PI) * np.exp(x * x)
        x = x - step / (1.0 + x * step)
    return libm("copysign", x, y)


def _inverse_of_complement(y: float):
    """The x above 0 whose complementary error function is y, by Halley's steps, of the function and not of its value, which may be tiny."""
    if y == 0.0:
        return np.inf
    if y < 0.0 or y != y:
        return np.nan
    t = np.sqrt(-2.0 * np.log(0.5 * y))
    x = (t - (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + 0.04481 * t))) / _ROOT_TWO
    for _ in range(4):
        step = (1.0 - y / libm("erfc", x)) * (0.5 * _ROOT_PI) * _scaled_complement(x)
        x = x + step / (1.0 - x * step)
    return x


def normcdf(x):
    return like(x, 0.5 * libm("erfc", -np.float64(x) / _ROOT_TWO))


def normcdfinv(x):
    return like(x, -_ROOT_TWO * erfcinv(2.0 * np.float64(x)))


def j0(x):
    return libm("j0", x)


def j1(x):
    return libm("j1", x)


def y0(x):
    return libm("y0", x)


def y1(x):
    return libm("y1", x)


def yn(n, x):
    wide = np.float64(x)
    if n < 0:
        return like(x, np.nan)
    before, value = libm("y0", wide), libm("y1", wide)
    if n == 0:
        return like(x, before)
    for k in range(1, n):
        if classify("isinf", value):
            break
        before, value = value, 2.0 * k / wide * value - before
    return like(x, value)


def jn(n, x):
    wide = np.float64(x)
    if n < 0:
        return like(x, np.nan)
    if wide == 0.0:
        return like(x, 1.0 if n == 0 else 0.0)
    if libm("fabs", wide) > n:
        before, value = libm("j0", wide), libm("j1", wide)
        if n == 0:
            return like(x, before)
        for k in range(1, n):
            before, value = value, 2.0 * k / wide * value - before
        return like(x, value)
    # Upwards the errors grow here; from an order that is high enough downwards, up to a factor that the sum of all tells.
    start = 2 * ((to_int(n) + 20 + to_int(np.sqrt(60.0 * n))) >> 1)
    above, value, total, result = 0.0, 1e-300, 0.0, 0.0
    for k in range(start, 0, -1):
        above, value = value, 2.0 * k / wide * value - above
        if libm("fabs", value) > 1e200:
            above, value, total, result = above * 1e-200, value * 1e-200, total * 1e-200, result * 1e-200
        if k - 1 == n:
            result = value
        if (k & 1) == 1:
            total += value if k == 1 else 2.0 * value
    return like(x, result / total)
