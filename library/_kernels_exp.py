"""Exponentials, without branches.

x = k ln 2 + r with a whole number k and |r| <= ln 2 / 2, so that exp(x) = 2**k exp(r); exp(r) is 1 + r + r²/2 + r³ times a polynomial.
ln 2 is taken as the sum of two doubles: k times the first one, subtracted by an fma, leaves no rounding error, for x and the product
are multiples of 2**-54 and their difference is small.

The functions of C take doubles and are within 1 ulp; those with `_narrow` behind their names compute what float32 and float16 need.
Coefficients come from scripts/kernel_coefficients.py.
"""

from numir.intrinsics import bits, fma, libm, polynomial, rarely, select

_LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
_LN_2_LOW = 2.3190468138462996e-17
# 1.5 * 2**52 and the bias of exponents: the last bits of k + this are those of k's exponent.
_BIASED = 6755399441056767.0


def exp(x: float):
    k, r, low = parts(x)
    result = power_of_two(k) * (1.0 + (r + low))
    return result if libm("fabs", x) < 708.0 else rarely(exp_anywhere, x)


def exp_anywhere(x: float):
    k, r, low = parts(select(x > 710.0, 710.0, select(x < -746.0, -746.0, x)))
    return scaled(1.0 + (r + low), k)


def exp2(x: float):
    k, r, low = binary_parts(x)
    result = power_of_two(k) * (1.0 + (r + low))
    return result if libm("fabs", x) < 1021.0 else rarely(exp2_anywhere, x)


def exp2_anywhere(x: float):
    k, r, low = binary_parts(select(x > 1025.0, 1025.0, select(x < -1076.0, -1076.0, x)))
    return scaled(1.0 + (r + low), k)


def expm1(x: float):
    k, r, low = parts(select(x > 710.0, 710.0, select(x < -40.0, -40.0, x)))
    # Half of the result, as 2**1024 is no double: half * (1 + r + low) - 1/2.
    half = power_of_two(k - 1.0)
    most = half - 0.5
    total = most + half * r
    lost = fma(half, r, most - total) + ((half - most) - 0.5)
    return select(libm("fabs", x) < 1e-17, x, 2.0 * (total + fma(half, low, lost)))


def parts(x: float):
    """k, r and what exp(r) is beyond 1 + r."""
    k = libm("rint", x * _LOG2_E)
    rest = fma(-k, _LN_2, x)
    r = fma(-k, _LN_2_LOW, rest)
    return k, r, beyond(r, fma(-k, _LN_2_LOW, rest - r))


def binary_parts(x: float):
    """The same of 2**x."""
    k = libm("rint", x)
    rest = x - k
    r = rest * _LN_2
    return k, r, beyond(r, fma(rest, _LN_2_LOW, fma(rest, _LN_2, -r)))


def beyond(r: float, lost: float):
    """exp(r + lost) - 1 - r, where `lost` is what rounding took from r."""
    square = r * r
    rest = polynomial(
        r,
        0.16666666666666677,
        0.04166666666666669,
        0.008333333333321695,
        0.001388888888887024,
        0.00019841269885985057,
        2.4801587355917587e-05,
        2.755724433695211e-06,
        2.7557245746558774e-07,
        2.5108995834125365e-08,
        2.0923707881135607e-09,
    )
    return fma(square, 0.5, fma(square * r, rest, fma(lost, r, lost)))


def power_of_two(k: float):
    """2**k of a whole number k from -1022 to 1023."""
    return bits(bits(k + _BIASED) << 52)


def scaled(x: float, k: float):
    """x times 2**k, in two steps, so that only the last one may leave the normal numbers."""
    half = fma(k, 0.5, _BIASED)
    return x * bits(bits(half) << 52) * power_of_two(k - (half - _BIASED))


def exp_narrow(x: float):
    k, rest = narrow_parts(select(x > 100.0, 100.0, select(x < -120.0, -120.0, x)))
    return power_of_two(k) * (1.0 + rest)


def exp2_narrow(x: float):
    x = select(x > 140.0, 140.0, select(x < -160.0, -160.0, x))
    k = libm("rint", x)
    return power_of_two(k) * (1.0 + narrow_rest((x - k) * _LN_2))


def expm1_narrow(x: float):
    k, rest = narrow_parts(select(x > 100.0, 100.0, select(x < -40.0, -40.0, x)))
    power = power_of_two(k)
    return select(x == 0.0, x, fma(power, rest, power - 1.0))


def narrow_parts(x: float):
    """k and exp(r) - 1."""
    k = libm("rint", x * _LOG2_E)
    return k, narrow_rest(fma(-k, _LN_2, x))


def narrow_rest(r: float):
    """exp(r) - 1."""
    rest = polynomial(
        r,
        0.16666666772385388,
        0.04166648198115853,
        0.008333282145441854,
        0.0013933316336973704,
        0.00019909695651328566,
    )
    return fma(r * r, fma(r, rest, 0.5), r)
