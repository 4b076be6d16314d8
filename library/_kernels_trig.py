"""Circular functions, without branches.

x = k pi/2 + r with a whole number k and |r| <= pi/4; which of sin(r), cos(r) and their negatives is the result depends on the last two
bits of k. pi/2 is taken as the sum of three doubles. k times the first one, subtracted by an fma, leaves no rounding error; k times the
second one is taken with its own rounding error, so that r = high + low is right to 2**-140, and no double is nearer to a multiple of
pi/2 than 2**-62. (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980, with the fma of today.)

The functions of C take doubles and are within 1 ulp; those with `_narrow` behind their names compute what float32 and float16 need.
Coefficients come from scripts/kernel_coefficients.py.
"""

from numir.intrinsics import bits, fma, libm, polynomial, rarely, select

_TWO_OVER_PI = 0.6366197723675814
_HALF_PI = 1.5707963267948966
_HALF_PI_MIDDLE = 6.123233995736766e-17
_HALF_PI_LOW = -1.4973849048591698e-33
# Added to a whole number, it puts that number's bits at the end.
_WHOLE = 6755399441055744.0
_SIGN = -0x8000000000000000
# From here on, the C library reduces the angle.
_FAR = 1073741824.0


def sin(x: float):
    k = libm("rint", x * _TWO_OVER_PI)
    sine, sine_low, cosine, cosine_low = both(x, k)
    result = select(x == 0.0, x, turned(k, sine + sine_low, cosine + cosine_low))
    return result if libm("fabs", x) < _FAR else rarely(far_sin, x)


def cos(x: float):
    k = libm("rint", x * _TWO_OVER_PI)
    sine, sine_low, cosine, cosine_low = both(x, k)
    result = turned(k + 1.0, sine + sine_low, cosine + cosine_low)
    return result if libm("fabs", x) < _FAR else rarely(far_cos, x)


def tan(x: float):
    k = libm("rint", x * _TWO_OVER_PI)
    sine, sine_low, cosine, cosine_low = both(x, k)
    is_odd = bits(k + _WHOLE) & 1 != 0
    # What rounding took from r².
    cosine_low = fma(-0.5, fma(sine, sine, -sine * sine), cosine_low)
    sine, sine_low = sum_of(sine, sine_low)
    cosine, cosine_low = sum_of(cosine, cosine_low)
    above, above_low = select(is_odd, -cosine, sine), select(is_odd, -cosine_low, sine_low)
    below, below_low = select(is_odd, sine, cosine), select(is_odd, sine_low, cosine_low)
    inverse = 1.0 / below
    quotient = above * inverse
    rest = fma(-quotient, below, above) + fma(-quotient, below_low, above_low)
    result = select(libm("fabs", x) < 1e-8, x, fma(rest, inverse, quotient))
    return result if libm("fabs", x) < _FAR else rarely(far_tan, x)


def far_sin(x: float):
    return libm("sin", x)


def far_cos(x: float):
    return libm("cos", x)


def far_tan(x: float):
    return libm("tan", x)


def both(x: float, k: float):
    """Sine and cosine of x - k pi/2, each as a sum of two doubles."""
    r, low = reduced(x, k)
    square = r * r
    most = fma(square, -0.5, 1.0)
    sine_low = fma(low, most, square * r * rest_of_sin(square))
    cosine_low = fma(-r, low, fma(square * square, rest_of_cos(square), (1.0 - most) - 0.5 * square))
    return r, sine_low, most, cosine_low


def sum_of(most: float, low: float):
    """A sum of two doubles, the first one rounded."""
    total = most + low
    return total, (most - total) + low


def reduced(x: float, k: float):
    """x - k pi/2 as a double and a correction."""
    rest = fma(-k, _HALF_PI, x)
    middle = k * _HALF_PI_MIDDLE
    r = rest - middle
    back = r - rest
    lost = (rest - (r - back)) - (middle + back)
    return r, fma(-k, _HALF_PI_LOW, lost - fma(k, _HALF_PI_MIDDLE, -middle))


def turned(k: float, sine: float, cosine: float):
    """The sine of an angle, from those of what is left of it without k quarters of a turn."""
    quarters = bits(k + _WHOLE)
    result = select(quarters & 1 != 0, cosine, sine)
    return bits(bits(result) ^ (quarters << 62 & _SIGN))


def rest_of_sin(square: float):
    """(sin(r) - r) / r³."""
    return polynomial(
        square,
        -0.16666666666666666,
        0.008333333333333323,
        -0.00019841269841255123,
        2.7557319214219327e-06,
        -2.5052104919271234e-08,
        1.6058367625241138e-10,
        -7.578748227605729e-13,
    )


def rest_of_cos(square: float):
    """(cos(r) - 1 + r²/2) / r⁴."""
    return polynomial(
        square,
        0.041666666666666664,
        -0.0013888888888888872,
        2.4801587301570537e-05,
        -2.755731921499256e-07,
        2.087675428545362e-09,
        -1.147028465852072e-11,
        4.7377424396216515e-14,
    )


def sin_narrow(x: float):
    k, sine, cosine = narrow(x)
    result = select(x == 0.0, x, turned(k, sine, cosine))
    return result if libm("fabs", x) < _FAR else rarely(far_sin, x)


def cos_narrow(x: float):
    k, sine, cosine = narrow(x)
    result = turned(k + 1.0, sine, cosine)
    return result if libm("fabs", x) < _FAR else rarely(far_cos, x)


def tan_narrow(x: float):
    k, sine, cosine = narrow(x)
    is_odd = bits(k + _WHOLE) & 1 != 0
    result = select(x == 0.0, x, select(is_odd, -cosine, sine) / select(is_odd, sine, cosine))
    return result if libm("fabs", x) < _FAR else rarely(far_tan, x)


def narrow(x: float):
    """k, and sine and cosine of what is left of x without k pi/2."""
    k = libm("rint", x * _TWO_OVER_PI)
    r = fma(-k, _HALF_PI_MIDDLE, fma(-k, _HALF_PI, x))
    square = r * r
    sine = polynomial(square, -0.16666666641607034, 0.00833332938358612, -0.0001983933408404849, 2.718304237534398e-06)
    cosine = polynomial(square, 0.041666645670159166, -0.0013887315617083656, 2.443308278525581e-05)
    return k, fma(square * r, sine, r), fma(square * square, cosine, fma(square, -0.5, 1.0))
