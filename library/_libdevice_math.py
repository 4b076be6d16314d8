"""The mathematics of NVIDIA's libdevice in the language itself, for float32 and float64: what `numir.cuda.libdevice` means where libdevice is not.

Which names of libdevice's these are is a table in `registry/cuda/libdevice.rs`.
"""

from math import frexp as split
from math import scaled

import numpy as np
from _libdevice_integers import word
from numir.intrinsics import classify, libm, like, to_int

_HALF_PI = 1.5707963267948966


# Functions with a name in NumPy.


def acos(x):
    return np.arccos(x)


def acosh(x):
    return np.arccosh(x)


def asin(x):
    return np.arcsin(x)


def asinh(x):
    return np.arcsinh(x)


def atan(x):
    return np.arctan(x)


def atan2(y, x):
    return np.arctan2(y, x)


def atanh(x):
    return np.arctanh(x)


def cbrt(x):
    return np.cbrt(x)


def cos(x):
    return np.cos(x)


def cosh(x):
    return np.cosh(x)


def exp(x):
    return np.exp(x)


def exp2(x):
    return np.exp2(x)


def expm1(x):
    return np.expm1(x)


def hypot(x, y):
    return np.hypot(x, y)


def log(x):
    return np.log(x)


def log10(x):
    return np.log10(x)


def log1p(x):
    return np.log1p(x)


def log2(x):
    return np.log2(x)


def power_of(x, y):
    return np.power(x, y)


def sin(x):
    return np.sin(x)


def sinh(x):
    return np.sinh(x)


def sqrt(x):
    return np.sqrt(x)


def tan(x):
    return np.tan(x)


def tanh(x):
    return np.tanh(x)


# Functions with a name in C.


def ceil(x):
    return libm("ceil", x)


def copysign(x, y):
    return libm("copysign", x, y)


def erf(x):
    return libm("erf", x)


def erfc(x):
    return libm("erfc", x)


def exp10(x):
    return np.power(like(x, 10), x)


def fabs(x):
    return libm("fabs", x)


def fdim(x, y):
    return libm("fdim", x, y)


def floor(x):
    return libm("floor", x)


def fma(x, y, z):
    return libm("fma", x, y, z)


def fmax(x, y):
    # Of a number and NaN the number.
    return x if x > y or y != y else y


def fmin(x, y):
    return x if x < y or y != y else y


def fmod(x, y):
    return libm("fmod", x, y)


def lgamma(x):
    return libm("lgamma", x)


def nextafter(x, y):
    return libm("nextafter", x, y)


def remainder(x, y):
    return libm("remainder", x, y)


def rint(x):
    return libm("rint", x)


def round(x):
    return libm("round", x)


def tgamma(x):
    return libm("tgamma", x)


def trunc(x):
    return libm("trunc", x)


# Made of others.


def rcbrt(x):
    return 1 / np.cbrt(x)


def rsqrt(x):
    return 1 / np.sqrt(x)


def saturate(x):
    # NaN becomes 0.
    return like(x, 1) if x > 1 else x if x > 0 else like(x, 0)


def powi(x, n):
    return np.power(x, like(x, n))


def _quarters(x):
    """How many halves of pi `pi * x` is from the nearest multiple, as a number of quarter turns and what is left of x."""
    whole = libm("rint", 2 * x)
    turns = whole - 4 * libm("floor", whole / 4)
    return to_int(turns), x - whole / 2


def sinpi(x):
    if not classify("isfinite", x):
        return x - x
    quarter, rest = _quarters(x)
    rest = rest * (2 * _HALF_PI)
    result = np.cos(rest) if quarter & 1 else np.sin(rest)
    result = -result if quarter & 2 else result
    return libm("copysign", result, x) if result == 0 else result


def cospi(x):
    if not classify("isfinite", x):
        return x - x
    quarter, rest = _quarters(x)
    rest = rest * (2 * _HALF_PI)
    result = np.sin(rest) if quarter & 1 else np.cos(rest)
    result = -result if quarter == 1 or quarter == 2 else result
    return libm("fabs", result) if result == 0 else result


# Parts of numbers.


def isfinite(x):
    return word(classify("isfinite", x))


def isinf(x):
    return word(classify("isinf", x))


def isnan(x):
    return word(classify("isnan", x))


def signbit(x):
    return word(classify("signbit", x))


def ilogb(x):
    if x == 0 or x != x:
        return np.int32(-2147483648)
    if classify("isinf", x):
        return np.int32(2147483647)
    return word(split(np.float64(x))[1] - 1)


def logb(x):
    if x == 0:
        return -1 / libm("fabs", x)
    if not classify("isfinite", x):
        return x * x
    return like(x, split(np.float64(x))[1] - 1)


def ldexp(x, n):
    return like(x, scaled(np.float64(x), n))


# Pairs.


def frexp(x):
    fraction, exponent = split(np.float64(x))
    return like(x, fraction), word(exponent)


def modf(x):
    whole = libm("trunc", x)
    rest = like(x, 0) if classify("isinf", x) else x - whole
    return libm("copysign", rest, x), whole


def remquo(x, y):
    rest = libm("remainder", x, y)
    if rest != rest or classify("isinf", y):
        return rest, np.int32(0)
    quotient = libm("fabs", (libm("fmod", x, 8 * y) - rest) / y)
    low = to_int(libm("rint", quotient)) & 7
    return rest, word(-low if classify("signbit", x) != classify("signbit", y) else low)


def sincos(x):
    return sin(x), cos(x)


def sincospi(x):
    return sinpi(x), cospi(x)
