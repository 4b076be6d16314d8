"""Powers and roots, without branches.

pow(x, y) is exp(y log(x)); the logarithm is computed as a sum of two doubles to 2**-66 of itself, since y multiplies its error. The
cube root begins with a polynomial for the inverse of the root, which one step of fourth order and one of Newton's make exact to rounding.

The functions of C take doubles and are within 1 ulp; those with `_narrow` behind their names compute what float32 and float16 need.
Coefficients come from scripts/kernel_coefficients.py.
"""

from _kernels_exp import beyond, narrow_parts, power_of_two, scaled
from _kernels_log import is_plain, natural, normal_parts, parts, special
from numir.intrinsics import bits, classify, fma, libm, polynomial, rarely, select

_INFINITY = 1e308 * 10.0
_NAN = _INFINITY * 0.0
_SMALLEST_NORMAL = 2.2250738585072014e-308
_LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
_LN_2_BELOW = 2.3190468138462996e-17
_LN_2_HIGH = 0.6931471805601177
_LN_2_LOW = -1.7239444525614835e-13
_TWO_THIRDS = 0.6666666666666666
_TWO_THIRDS_LOW = 3.700743415417188e-17
_TWO_FIFTHS_LOW = -2.2204460492503132e-17
# 2**600 and 2**-600.
_UP = 4.149515568880993e180
_DOWN = 2.409919865102884e-181
_WHOLE = 0x4330000000000000


def pow(x: float, y: float):
    k, f = normal_parts(x)
    high, low = precise(k, f)
    most = y * high
    k, result = exponential(most, fma(y, high, -most) + y * low)
    result = result * power_of_two(k)
    return result if is_plain(x) and libm("fabs", most) < 708.0 else rarely(pow_anywhere, x, y)


def pow_anywhere(x: float, y: float):
    size = libm("fabs", x)
    k, f = parts(size)
    high, low = precise(k, f)
    high = special(size, high)
    most = y * high
    low = fma(y, high, -most) + y * low
    is_far = libm("fabs", most) > 750.0
    k, result = exponential(select(is_far, libm("copysign", 750.0, most), most), select(is_far, 0.0, low))
    # Above 2**1024 and below 2**-1075 the exponent's bits do not suffice.
    result = select(is_far, select(most > 0.0, _INFINITY, 0.0), scaled(result, k))
    half = 0.5 * y
    is_whole = libm("rint", y) == y
    is_odd = is_whole & (libm("rint", half) != half)
    result = select(size == 1.0, 1.0, result)
    result = select(y != y, y, result)
    result = select((x < 0.0) & (size < _INFINITY) & (not is_whole), _NAN, result)
    result = select(is_odd & classify("signbit", x), -result, result)
    return select((x == 1.0) | (y == 0.0), 1.0, result)


def half_power(x: float):
    """pow(x, 0.5), which is not quite the root: of -0.0 it is 0.0, and of -inf it is inf."""
    return select(x == -_INFINITY, _INFINITY, libm("sqrt", x) + 0.0)


def is_moderate(x: float, y: float):
    """Whether pow(x, y) surely is a normal number, by the exponent of a positive x."""
    exponent = bits(bits(x) >> 52 & 0x7FF | _WHOLE) - 4503599627371519.0
    return is_plain(x) & (libm("fabs", y) * (libm("fabs", exponent) + 1.0) < 1000.0)


def exponential(most: float, low: float):
    """exp(most + low) as 2**k times a number near 1."""
    k = libm("rint", most * _LOG2_E)
    rest = fma(-k, _LN_2, most)
    low = fma(-k, _LN_2_BELOW, low)
    r = rest + low
    total = 1.0 + r
    return k, total + (((1.0 - total) + r) + beyond(r, (rest - r) + low))


def precise(k: float, f: float):
    """k ln 2 + log(1 + f) as a sum of two doubles."""
    below = 2.0 + f
    inverse = 1.0 / below
    s = f * inverse
    s_low = (fma(-s, below, f) - s * (f - (below - 2.0))) * inverse
    square = s * s
    square_low = fma(s, s, -square) + 2.0 * s * s_low
    cube = s * square
    cube_low = fma(s, square, -cube) + fma(s, square_low, s_low * square)
    # The logarithm is 2 s + s³ (2/3 + 2/5 s² + s⁴ times a polynomial).
    fifth = square * 0.4
    fifth_low = fma(square, 0.4, -fifth) + fma(square, _TWO_FIFTHS_LOW, square_low * 0.4)
    seventh = (
        square
        * square
        * polynomial(
            square,
            0.2857142857142852,
            0.22222222222253155,
            0.18181818174400344,
            0.15384616337931362,
            0.13333260779946854,
            0.11768077937173152,
            0.10432505052375747,
            0.10947823095914934,
        )
    )
    beyond_third = fifth + seventh
    beyond_third_low = ((fifth - beyond_third) + seventh) + fifth_low
    factor = _TWO_THIRDS + beyond_third
    factor_low = ((_TWO_THIRDS - factor) + beyond_third) + (_TWO_THIRDS_LOW + beyond_third_low)
    third = cube * factor
    third_low = fma(cube, factor, -third) + fma(cube, factor_low, cube_low * factor)
    start = k * _LN_2_HIGH
    first = start + 2.0 * s
    first_low = (start - first) + 2.0 * s
    last = first + third
    low = ((first - last) + third) + (first_low + (third_low + fma(k, _LN_2_LOW, 2.0 * s_low)))
    total = last + low
    return total, (last - total) + low


def cbrt(x: float):
    size = libm("fabs", x)
    is_subnormal = size < _SMALLEST_NORMAL
    pattern = bits(select(is_subnormal, size * 18014398509481984.0, size))
    exponent = bits(pattern >> 52 & 0x7FF | _WHOLE) - 4503599627371519.0
    k = libm("floor", exponent * 0.3333333333333333 + 0.1)
    m = bits(pattern & 0x000FFFFFFFFFFFFF | 0x3FF0000000000000) * power_of_two(fma(k, -3.0, exponent))
    inverse = inverse_root(m)
    y = m * inverse * inverse
    square = y * y
    rest = fma(-square, y, m) - fma(y, y, -square) * y
    y = fma(rest * 0.3333333333333333, inverse * inverse, y)
    result = libm("copysign", y * power_of_two(k - select(is_subnormal, 18.0, 0.0)), x)
    return result if 0.0 < size < _INFINITY else x


def inverse_root(m: float):
    """The inverse of the cube root of a number from 1 to 8, to 2**-35 of itself."""
    inverse = polynomial(
        m,
        1.5027131256522366,
        -0.7634119542998227,
        0.33531415558590955,
        -0.08814421096325956,
        0.013263519879178141,
        -0.0010522431316508725,
        3.4055678241189874e-05,
    )
    # (1 - h)**(-1/3) of what is missing.
    h = fma(-m * inverse, inverse * inverse, 1.0)
    return fma(inverse * h, polynomial(h, 0.3333333333333333, 0.2222222222222222, 0.1728395061728395), inverse)


def hypot(x: float, y: float):
    across, up = libm("fabs", x), libm("fabs", y)
    is_steep = up > across
    a, b = select(is_steep, up, across), select(is_steep, across, up)
    is_large, is_small = a > 1e150, a < 1e-140
    scale = select(is_large, _DOWN, select(is_small, _UP, 1.0))
    back = select(is_large, _UP, select(is_small, _DOWN, 1.0))
    a, b = a * scale, b * scale
    square, other = a * a, b * b
    total = square + other
    low = ((square - total) + other) + (fma(a, a, -square) + fma(b, b, -other))
    root = libm("sqrt", total)
    rest = fma(-root, root, total) + low
    root = root + select(total > 0.0, rest / (root + root), 0.0)
    result = select((x != x) | (y != y), x + y, root * back)
    return select((across == _INFINITY) | (up == _INFINITY), _INFINITY, result)


def pow_narrow(x: float, y: float):
    k, f = normal_parts(x)
    most = y * natural(k, f)
    k, rest = narrow_parts(most)
    result = power_of_two(k) * (1.0 + rest)
    return result if 0.0 < x < _INFINITY and libm("fabs", most) < 700.0 else rarely(pow_anywhere, x, y)


def cbrt_narrow(x: float):
    return cbrt(x)


def hypot_narrow(x: float, y: float):
    across, up = libm("fabs", x), libm("fabs", y)
    result = libm("sqrt", fma(across, across, up * up))
    return select((across == _INFINITY) | (up == _INFINITY), _INFINITY, result)
