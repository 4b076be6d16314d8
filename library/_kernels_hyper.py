"""Hyperbolic functions and their inverses, without branches.

With x = k ln 2 + r, sinh(x) = sinh(k ln 2) cosh(r) + cosh(k ln 2) sinh(r), whose first factors are sums of two powers of two; tanh is
expm1(2x) / (expm1(2x) + 2), and the inverse functions are logarithms of sums of two doubles.

The functions of C take doubles and are within 1 ulp; those with `_narrow` behind their names compute what float32 and float16 need.
Coefficients come from scripts/kernel_coefficients.py.
"""

from _kernels_exp import narrow_parts, parts, power_of_two
from _kernels_log import narrow_of_sum, of_sum
from numir.intrinsics import fma, libm, polynomial, select

_LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
_LN_2_LOW = 2.3190468138462996e-17
_INFINITY = 1e308 * 10.0
_NAN = _INFINITY * 0.0
# From here on asinh(x) and acosh(x) are log(2x).
_LARGE = 1e9


def sinh(x: float):
    size = libm("fabs", x)
    r, r_low, rise, sum_, sum_low, difference, difference_low = of_powers(size)
    total = fma(sum_, r, difference)
    lost = fma(sum_, r, difference - total) + fma(sum_low, r, difference_low)
    result = 2.0 * (total + fma(difference, rise, fma(sum_, r_low, lost)))
    return libm("copysign", select(size < 1e-8, size, result), x)


def cosh(x: float):
    r, r_low, rise, sum_, sum_low, difference, difference_low = of_powers(libm("fabs", x))
    total = fma(difference, r, sum_)
    lost = fma(difference, r, sum_ - total) + fma(difference_low, r, sum_low)
    return 2.0 * (total + fma(sum_, rise, fma(difference, r_low, lost)))


def of_powers(size: float):
    """r and what sinh(r) is beyond it, cosh(r) - 1, and (2**k + 2**-k) / 4 and (2**k - 2**-k) / 4, each with a correction."""
    size = select(size > 710.6, 710.6, size)
    k = libm("rint", size * _LOG2_E)
    rest = fma(-k, _LN_2, size)
    r = fma(-k, _LN_2_LOW, rest)
    lost = fma(-k, _LN_2_LOW, rest - r)
    square = r * r
    odd = polynomial(
        square,
        0.16666666666666666,
        0.008333333333333337,
        0.00019841269841253207,
        2.755731926519019e-06,
        2.505205678920915e-08,
        1.6090820482765778e-10,
    )
    even = polynomial(
        square,
        0.041666666666666664,
        0.0013888888888888894,
        2.480158730156974e-05,
        2.755731926025665e-07,
        2.0876717501303705e-09,
        1.149249894225552e-11,
    )
    above = power_of_two(k - 2.0)
    below = power_of_two(-2.0 - select(k > 100.0, 100.0, k))
    sum_, difference = above + below, above - below
    return (
        r,
        fma(square * r, odd, lost),
        fma(square, 0.5, fma(square * square, even, r * lost)),
        sum_,
        (above - sum_) + below,
        difference,
        (above - difference) - below,
    )


def tanh(x: float):
    size = libm("fabs", x)
    k, r, rest = parts(select(size > 20.0, 40.0, 2.0 * size))
    power = power_of_two(k)
    most = power - 1.0
    total = most + power * r
    low = fma(power, rest, fma(power, r, most - total) + ((power - most) - 1.0))
    above = total + low
    above_low = (total - above) + low
    below = above + 2.0
    back = below - above
    below_low = (above - (below - back)) + (2.0 - back) + above_low
    inverse = 1.0 / below
    quotient = above * inverse
    lost = fma(-quotient, below, above) + fma(-quotient, below_low, above_low)
    result = select(size < 1e-9, size, fma(lost, inverse, quotient))
    return libm("copysign", result, x)


def asinh(x: float):
    size = libm("fabs", x)
    is_large = size > _LARGE
    square = size * size
    more = square / (1.0 + libm("sqrt", 1.0 + square))
    # log(2 x) = log(1 + x / 2 - 1) + 2 ln 2.
    most, more = select(is_large, 0.5 * size, size), select(is_large, -1.0, more)
    total = most + more
    result = of_sum(total, (most - total) + more, select(is_large, 2.0, 0.0))
    result = select(size < 1e-9, size, select(size < _INFINITY, result, size))
    return libm("copysign", result, x)


def acosh(x: float):
    is_large = x > _LARGE
    t = x - 1.0
    lost = select(is_large, 0.0, (x - t) - 1.0)
    t = select(is_large, 1.0, t)
    double = 2.0 * t
    under = fma(t, t, double)
    root = libm("sqrt", under)
    rest = fma(-root, root, under) + fma(t, t, double - under)
    root_low = select(under > 0.0, rest / (root + root), 0.0)
    total = root + t
    back = total - root
    low = (root - (total - back)) + (t - back) + root_low + lost
    total, low = select(is_large, 0.5 * x, total), select(is_large, -1.0, low)
    result = of_sum(total, low, select(is_large, 2.0, 0.0))
    return select(x < 1.0, _NAN, select(x < _INFINITY, result, x))


def atanh(x: float):
    size = libm("fabs", x)
    double = size + size
    below = 1.0 - size
    below_low = (1.0 - below) - size
    inverse = 1.0 / below
    quotient = double * inverse
    rest = fma(-quotient, below, double) - quotient * below_low
    result = 0.5 * of_sum(quotient, rest * inverse, 0.0)
    result = select(size < 1e-9, size, result)
    result = select(size < 1.0, result, select(size == 1.0, _INFINITY, _NAN))
    return libm("copysign", result, x)


def sinh_narrow(x: float):
    size = libm("fabs", x)
    k, rest = narrow_parts(select(size > 100.0, 100.0, size))
    power = power_of_two(k)
    # expm1(x), from which sinh(x) comes without loss near 0.
    grown = fma(power, rest, power - 1.0)
    return select(x == 0.0, x, libm("copysign", 0.5 * (grown + grown / (grown + 1.0)), x))


def cosh_narrow(x: float):
    size = libm("fabs", x)
    k, rest = narrow_parts(select(size > 100.0, 100.0, size))
    power = power_of_two(k) * (1.0 + rest)
    return 0.5 * (power + 1.0 / power)


def tanh_narrow(x: float):
    size = libm("fabs", x)
    k, rest = narrow_parts(select(size > 20.0, 40.0, 2.0 * size))
    power = power_of_two(k)
    grown = fma(power, rest, power - 1.0)
    return libm("copysign", grown / (grown + 2.0), x)


def asinh_narrow(x: float):
    size = libm("fabs", x)
    square = size * size
    result = narrow_of_sum(size + square / (1.0 + libm("sqrt", 1.0 + square)))
    return libm("copysign", select(size < _INFINITY, result, size), x)


def acosh_narrow(x: float):
    t = x - 1.0
    result = narrow_of_sum(t + libm("sqrt", fma(t, t, 2.0 * t)))
    return select(x < 1.0, _NAN, select(x < _INFINITY, result, x))


def atanh_narrow(x: float):
    size = libm("fabs", x)
    result = 0.5 * narrow_of_sum(2.0 * size / (1.0 - size))
    result = select(size < 1.0, result, select(size == 1.0, _INFINITY, _NAN))
    return libm("copysign", result, x)
