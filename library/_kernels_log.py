"""Logarithms, without branches.

x = 2**k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2), so that log(x) = k ln 2 + log(1 + f). With s = f / (2 + f), log(1 + f) is
log((1 + s) / (1 - s)) = 2 s + s³ times a polynomial of s²; since 2 s = f - s f, that is f - s (f - s² times the polynomial), where the
quotient and its error count only in the last term. Logarithms to other bases take 2 s = f - f²/2 + s f²/2, for two doubles. The first
part of ln 2 has 41 bits, so that k times it is exact, and so is what k times it and f lose when they are added.

The functions of C take doubles and are within 1 ulp; those with `_narrow` behind their names compute what float32 and float16 need.
Coefficients come from scripts/kernel_coefficients.py.
"""

from numir.intrinsics import bits, fma, polynomial, rarely, select

_INFINITY = 1e308 * 10.0
_NAN = _INFINITY * 0.0
_SMALLEST_NORMAL = 2.2250738585072014e-308
_LN_2 = 0.6931471805599453
_LN_2_HIGH = 0.6931471805601177
_LN_2_LOW = -1.7239444525614835e-13
_LOG2_E = 1.4426950408889634
_LOG2_E_LOW = 2.0355273740931033e-17
_LOG10_E = 0.4342944819032518
_LOG10_E_LOW = 1.098319650216765e-17
_LOG10_2 = 0.3010299956639812
_LOG10_2_HIGH = 0.3010299956640665
_LOG10_2_LOW = -8.532344317057107e-14
# The bits of sqrt(1/2), of 1 less those, and of 2**52.
_ROOT_OF_HALF = 0x3FE6A09E667F3BCD
_TO_ONE = 0x3FF0000000000000 - 0x3FE6A09E667F3BCD
_WHOLE = 0x4330000000000000


def log(x: float):
    k, f = normal_parts(x)
    return natural(k, f) if is_plain(x) else rarely(log_anywhere, x)


def log_anywhere(x: float):
    k, f = parts(x)
    return special(x, natural(k, f))


def log2(x: float):
    k, f = normal_parts(x)
    return binary(k, f) if is_plain(x) else rarely(log2_anywhere, x)


def log2_anywhere(x: float):
    k, f = parts(x)
    return special(x, binary(k, f))


def log10(x: float):
    k, f = normal_parts(x)
    return decimal(k, f) if is_plain(x) else rarely(log10_anywhere, x)


def log10_anywhere(x: float):
    k, f = parts(x)
    return special(x, decimal(k, f))


def log1p(x: float):
    return special(1.0 + x, select(x == 0.0, x, of_sum(x, 0.0, 0.0)))


def of_sum(f: float, low: float, more: float):
    """log(1 + f + low) + more ln 2, for f >= -1 and a small correction, precise near 0 too."""
    whole = 1.0 + f
    back = whole - 1.0
    lost = (1.0 - (whole - back)) + (f - back)
    k, rest = normal_parts(whole)
    # Near 0, f is the number after the point itself.
    is_near = k == 0.0
    rest = select(is_near, f, rest)
    return with_whole(k + more, rest, select(is_near, low, lost + low) / whole)


def natural(k: float, f: float):
    """k ln 2 + log(1 + f)."""
    return with_whole(k, f, 0.0)


def with_whole(k: float, f: float, low: float):
    """k ln 2 + log(1 + f) + low, for a small correction."""
    total = fma(k, _LN_2_HIGH, f)
    lost = fma(k, _LN_2_HIGH, -total) + f + low
    s, rest = rest_of_log(f)
    return total + fma(-s, f - rest, fma(k, _LN_2_LOW, lost))


def binary(k: float, f: float):
    """k + log2(1 + f)."""
    high, low = precise(f)
    most = high * _LOG2_E
    total = k + most
    rest = fma(high, _LOG2_E, -most) + fma(high, _LOG2_E_LOW, low * _LOG2_E)
    return total + (((k - total) + most) + rest)


def decimal(k: float, f: float):
    """k log10(2) + log10(1 + f)."""
    high, low = precise(f)
    start = k * _LOG10_2_HIGH
    most = high * _LOG10_E
    total = start + most
    rest = fma(high, _LOG10_E, -most) + fma(high, _LOG10_E_LOW, fma(low, _LOG10_E, k * _LOG10_2_LOW))
    return total + (((start - total) + most) + rest)


def precise(f: float):
    """log(1 + f) as a sum of two doubles, to some ten bits more than one has."""
    half = 0.5 * f * f
    high = f - half
    s, rest = rest_of_log(f)
    return high, fma(s, half + rest, ((f - high) - half) - fma(0.5 * f, f, -half))


def parts(x: float):
    """k and f of a positive number."""
    is_subnormal = x < _SMALLEST_NORMAL
    k, f = normal_parts(select(is_subnormal, x * 18014398509481984.0, x))
    return k - select(is_subnormal, 54.0, 0.0), f


def normal_parts(x: float):
    pattern = bits(x) + _TO_ONE
    mantissa = bits((pattern & 0x000FFFFFFFFFFFFF) + _ROOT_OF_HALF)
    # 2**52 and the bias.
    return bits(pattern >> 52 & 0x7FF | _WHOLE) - 4503599627371519.0, mantissa - 1.0


def is_plain(x: float):
    """Whether x is a positive normal number: one comparison of the bits, less those of the smallest one, as unsigned numbers."""
    return bits(x) + 0x7FF0000000000000 < -0x0020000000000000


def special(x: float, logarithm: float):
    """The logarithm of x, also where x is no positive number."""
    result = select(x < _INFINITY, logarithm, x)
    result = select(x == 0.0, -_INFINITY, result)
    return select(x < 0.0, _NAN, result)


def rest_of_log(f: float):
    """s, and what log(1 + f) is beyond 2 s, divided by s."""
    s = f / (2.0 + f)
    square = s * s
    rest = polynomial(
        square,
        0.6666666666666734,
        0.39999999999413965,
        0.2857142874256162,
        0.22222198553836234,
        0.1818356540457091,
        0.1531402119033359,
        0.14796260413574278,
    )
    return s, square * rest


def log_narrow(x: float):
    k, f = normal_parts(x)
    return special(x, fma(k, _LN_2, narrow(f)))


def log2_narrow(x: float):
    k, f = normal_parts(x)
    return special(x, fma(narrow(f), _LOG2_E, k))


def log10_narrow(x: float):
    k, f = normal_parts(x)
    return special(x, fma(k, _LOG10_2, narrow(f) * _LOG10_E))


def log1p_narrow(x: float):
    return special(1.0 + x, select(x == 0.0, x, narrow_of_sum(x)))


def narrow_of_sum(f: float):
    """log(1 + f)."""
    k, rest = normal_parts(1.0 + f)
    return fma(k, _LN_2, narrow(select(k == 0.0, f, rest)))


def narrow(f: float):
    """log(1 + f) for a small f."""
    s = f / (2.0 + f)
    square = s * s
    rest = polynomial(square, 0.6666677644843223, 0.3997753240855172, 0.29871996044680477)
    return fma(s * square, rest, s + s)
