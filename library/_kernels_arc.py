"""Inverse circular functions, without branches.

Near 0, asin(x) is x + x³ times a polynomial of x²; from 1/2 on it is pi/2 - 2 asin(sqrt((1 - x) / 2)). The arc tangent of a quotient
n / d between 1/2 and 1 is pi/4 + atan((n - d) / (n + d)), and that of one above 1 is pi/2 less that of its inverse; quotients and roots are
taken with their rounding errors.

The functions of C take doubles and are within 1 ulp; those with `_narrow` behind their names compute what float32 and float16 need.
Coefficients come from scripts/kernel_coefficients.py.
"""

from numir.intrinsics import classify, fma, libm, polynomial, select

_INFINITY = 1e308 * 10.0
_QUARTER_PI = 0.7853981633974483
_QUARTER_PI_LOW = 3.061616997868383e-17
_HALF_PI = 1.5707963267948966
_HALF_PI_LOW = 6.123233995736766e-17
_PI = 3.141592653589793
_PI_LOW = 1.2246467991473532e-16
# 2**600 and 2**-600.
_UP = 4.149515568880993e180
_DOWN = 2.409919865102884e-181


def asin(x: float):
    size = libm("fabs", x)
    is_large = size > 0.5
    s, beyond = beyond_root(size, is_large)
    twice = s + s
    most = _HALF_PI - twice
    large = most + (((_HALF_PI - most) - twice) + (_HALF_PI_LOW - 2.0 * beyond))
    return libm("copysign", select(is_large, large, s + beyond), x)


def acos(x: float):
    size = libm("fabs", x)
    is_large = size > 0.5
    s, beyond = beyond_root(size, is_large)
    is_positive = x > 0.0
    base = select(is_large, select(is_positive, 0.0, _PI), _HALF_PI)
    base_low = select(is_large, select(is_positive, 0.0, _PI_LOW), _HALF_PI_LOW)
    factor = libm("copysign", 1.0, x) * select(is_large, 2.0, -1.0)
    most = base + factor * s
    lost = (base - most) + factor * s
    return most + (lost + fma(factor, beyond, base_low))


def beyond_root(size: float, is_large):
    """s, whose arc sine is looked for, and what asin(s) is beyond it."""
    square = select(is_large, 0.5 * (1.0 - size), size * size)
    s = select(is_large, libm("sqrt", square), size)
    lost = select(is_large, fma(-s, s, square) / select(s > 0.0, s + s, 1.0), 0.0)
    rest = polynomial(
        square,
        0.16666666666666763,
        0.07499999999970094,
        0.044642857175288875,
        0.03038194267516076,
        0.022372215908884406,
        0.017351595452473424,
        0.013981019041962292,
        0.01139728937592953,
        0.010789339435091331,
        0.003672123517895403,
        0.021790781154425277,
        -0.021116889396641244,
        0.03270225756136184,
    )
    return s, fma(s * square, rest, lost)


def atan(x: float):
    size = libm("fabs", x)
    # What is larger has the same arc tangent, and its products do not overflow.
    size = select(size > 1e30, 1e30, size)
    is_middle, is_large = size > 0.5, size > 2.5
    above = select(is_large, -1.0, select(is_middle, size - 1.0, size))
    below = select(is_large, size, select(is_middle, size + 1.0, 1.0))
    below_low = select(is_large, 0.0, select(is_middle, size - (below - 1.0), 0.0))
    quarters = select(is_large, 2.0, select(is_middle, 1.0, 0.0))
    return libm("copysign", of_quotient(above, below, below_low, quarters), x)


def atan2(y: float, x: float):
    across, up = libm("fabs", x), libm("fabs", y)
    is_steep = up > across
    n, d = select(is_steep, across, up), select(is_steep, up, across)
    # Sums do not overflow, and the rounding error of a quotient that is no subnormal number is none either.
    scale = select(d > 1e300, _DOWN, select((n < 1e-290) & (d < 1e100), _UP, 1.0))
    n, d = select(d == 0.0, 0.0, n * scale), select(d == 0.0, 1.0, d * scale)
    is_endless = d == _INFINITY
    n, d = select(is_endless, select(n == _INFINITY, 1.0, 0.0), n), select(is_endless, 1.0, d)
    is_middle = n > 0.5 * d
    above, below = select(is_middle, n - d, n), select(is_middle, n + d, d)
    below_low = select(is_middle, n - (below - d), 0.0)
    # The angle is a number of quarters of pi, and the arc tangent of above / below added to or taken from it.
    quarters = select(is_middle, 1.0, 0.0)
    quarters = select(is_steep, 2.0 - quarters, quarters)
    is_behind = classify("signbit", x)
    quarters = select(is_behind, 4.0 - quarters, quarters)
    above = select(is_steep, -above, above)
    above = select(is_behind, -above, above)
    result = of_quotient(above, below, below_low, quarters)
    return select(x != x, x, select(y != y, y, libm("copysign", result, y)))


def of_quotient(above: float, below: float, below_low: float, quarters: float):
    """atan(above / (below + below_low)) + quarters pi/4, with a small quotient."""
    inverse = 1.0 / below
    t = above * inverse
    rest = fma(-t, below_low, fma(-t, below, above)) * inverse
    square = t * t
    beyond = fma(
        t * square,
        polynomial(
            square,
            -0.33333333333333315,
            0.1999999999999327,
            -0.14285714284960999,
            0.1111111106856513,
            -0.09090907669777627,
            0.07692277080391262,
            -0.06666219009899262,
            0.05877771433897229,
            -0.05229820409406413,
            0.045887511558816735,
            -0.03710250760459176,
            0.02363305099375412,
            -0.00835254499694531,
        ),
        fma(rest, -square, rest),
    )
    base = quarters * _QUARTER_PI
    lost = fma(quarters, _QUARTER_PI, -base) + quarters * _QUARTER_PI_LOW
    most = base + t
    return most + ((((base - most) + t) + lost) + beyond)


def asin_narrow(x: float):
    size = libm("fabs", x)
    is_large = size > 0.5
    arc = narrow_root(size, is_large)
    return libm("copysign", select(is_large, _HALF_PI - 2.0 * arc, arc), x)


def acos_narrow(x: float):
    size = libm("fabs", x)
    is_large = size > 0.5
    arc = narrow_root(size, is_large)
    twice = select(x > 0.0, 2.0 * arc, _PI - 2.0 * arc)
    return select(is_large, twice, _HALF_PI - libm("copysign", arc, x))


def narrow_root(size: float, is_large):
    square = select(is_large, 0.5 * (1.0 - size), size * size)
    s = select(is_large, libm("sqrt", square), size)
    rest = polynomial(
        square,
        0.1666665985281619,
        0.07500512137727385,
        0.044515470133403436,
        0.0318198263191719,
        0.014393780564953431,
        0.037578189831375126,
    )
    return fma(s * square, rest, s)


def atan_narrow(x: float):
    size = libm("fabs", x)
    size = select(size > 1e30, 1e30, size)
    is_middle, is_large = size > 0.5, size > 2.5
    above = select(is_large, -1.0, select(is_middle, size - 1.0, size))
    below = select(is_large, size, select(is_middle, size + 1.0, 1.0))
    base = select(is_large, _HALF_PI, select(is_middle, _QUARTER_PI, 0.0))
    return libm("copysign", base + narrow(above / below), x)


def atan2_narrow(y: float, x: float):
    across, up = libm("fabs", x), libm("fabs", y)
    is_steep = up > across
    n, d = select(is_steep, across, up), select(is_steep, up, across)
    n, d = select(n == _INFINITY, 1.0, n), select(n == _INFINITY, 1.0, select(d == 0.0, 1.0, d))
    is_middle = n > 0.5 * d
    angle = narrow(select(is_middle, n - d, n) / select(is_middle, n + d, d)) + select(is_middle, _QUARTER_PI, 0.0)
    angle = select(is_steep, _HALF_PI - angle, angle)
    angle = select(classify("signbit", x), _PI - angle, angle)
    return select(x != x, x, select(y != y, y, libm("copysign", angle, y)))


def narrow(t: float):
    """The arc tangent of a small quotient."""
    square = t * t
    rest = polynomial(
        square,
        -0.3333332692546048,
        0.19999489850230065,
        -0.1427207866527061,
        0.10940982873380285,
        -0.07984064855387761,
        0.038723276725905066,
    )
    return fma(t * square, rest, t)
