"""The gamma function and its logarithm, by Lanczos' approximation.

gamma(x) = S(x) (y / e)**(x - 1/2) e**-g with y = x + g - 1/2, where S is a quotient of polynomials of degree 12. For
g = 6.0246800407767296, at which 13 terms reach double precision, its numerator is the one that makes the formula exact
at x = 1, ..., 13; the denominator is x (x + 1) ... (x + 11). The constants were found from that in 80 digits.
"""

from numir.intrinsics import classify, libm, python_errors

_G = 6.024680040776729583740234375
_G_LESS_HALF = 5.524680040776729583740234375
_PI = 3.141592653589793
_LOG_PI = 1.1447298858494002

# Coefficients from the constant to x**12.
_NUMERATOR = (
    23531376880.41076,
    42919803642.6491,
    35711959237.35567,
    17921034426.03721,
    6039542586.352028,
    1439720407.3117216,
    248874557.86205417,
    31426415.585400194,
    2876370.6289353725,
    186056.26539522348,
    8071.672002365816,
    210.82427775157936,
    2.5066282746310002,
)
_DENOMINATOR = (
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
)


def gamma(x: float, /):
    if python_errors() and (x == -1e308 * 10.0 or x <= 0.0 and x == libm("floor", x)):
        raise ValueError("math domain error")
    result = _gamma(x)
    if python_errors() and classify("isinf", result) and classify("isfinite", x):
        raise OverflowError("math range error")
    return result


def lgamma(x: float, /):
    if python_errors() and x <= 0.0 and x == libm("floor", x) and classify("isfinite", x):
        raise ValueError("math domain error")
    result = _log_gamma(x)
    if python_errors() and classify("isinf", result) and classify("isfinite", x):
        raise OverflowError("math range error")
    return result


def _gamma(x: float):
    if 1.0 <= x <= 23.0 and x == libm("floor", x):
        return _factorial(x - 1.0)
    magnitude = libm("fabs", x)
    if magnitude < 1e-20:
        return 1.0 / x if x != 0.0 else libm("copysign", 1e308 * 10.0, x)
    if magnitude > 200.0:
        return x * 1e308 if x > 0.0 else 0.0 / _sine_of_pi(x)
    y = magnitude + _G_LESS_HALF
    # What rounding lost of y, relative to it, times x - 1/2, of which the exponential cancels all but g.
    if magnitude > _G_LESS_HALF:
        lost = (y - magnitude) - _G_LESS_HALF
    else:
        lost = (y - _G_LESS_HALF) - magnitude
    correction = lost * _G / y
    # Beyond 140 the power alone would overflow.
    power = libm("pow", y, magnitude - 0.5 if magnitude < 140.0 else 0.5 * magnitude - 0.25)
    if x > 0.0:
        result = _lanczos(x) / libm("exp", y)
        result += correction * result
        result *= power
        return result if magnitude < 140.0 else result * power
    # gamma(-x) gamma(x) = -pi / (x sin(pi x))
    result = -_PI / _sine_of_pi(magnitude) / magnitude * libm("exp", y) / _lanczos(magnitude)
    result -= correction * result
    result /= power
    return result if magnitude < 140.0 else result / power


def _log_gamma(x: float):
    if not classify("isfinite", x):
        return x * x
    if x == 1.0 or x == 2.0:
        return 0.0
    magnitude = libm("fabs", x)
    if magnitude < 1e-20:
        return -libm("log", magnitude)
    result = libm("log", _lanczos(magnitude)) - _G
    result += (magnitude - 0.5) * (libm("log", magnitude + _G - 0.5) - 1.0)
    if x > 0.0:
        return result
    if x == libm("floor", x):
        return 1e308 * 10.0
    return _LOG_PI - libm("log", libm("fabs", _sine_of_pi(magnitude))) - libm("log", magnitude) - result


def _factorial(n: float):
    result = 1.0
    while n > 1.0:
        result *= n
        n -= 1.0
    return result


def _lanczos(x: float):
    """S(x) for x > 0: in powers of x where they stay small, else of 1/x."""
    numerator = 0.0
    denominator = 0.0
    if x < 5.0:
        for above, below in zip(reversed(_NUMERATOR), reversed(_DENOMINATOR)):
            numerator = numerator * x + above
            denominator = denominator * x + below
    else:
        for above, below in zip(_NUMERATOR, _DENOMINATOR):
            numerator = numerator / x + above
            denominator = denominator / x + below
    return numerator / denominator


def _sine_of_pi(x: float):
    """sin(pi x), by the nearest multiple of a quarter turn, so that no accuracy is lost."""
    magnitude = libm("fmod", libm("fabs", x), 2.0)
    quarter = libm("round", 2.0 * magnitude)
    if quarter == 0.0:
        result = libm("sin", _PI * magnitude)
    elif quarter == 1.0:
        result = libm("cos", _PI * (magnitude - 0.5))
    elif quarter == 2.0:
        # sin(pi - t) rather than -sin(t - pi), which would turn 0 into -0.
        result = libm("sin", _PI * (1.0 - magnitude))
    elif quarter == 3.0:
        result = -libm("cos", _PI * (magnitude - 1.5))
    else:
        result = libm("sin", _PI * (magnitude - 2.0))
    return libm("copysign", 1.0, x) * result
