"""Functions of real numbers, with CPython's results and errors.

Each function of floats is a test of its argument and a kernel or a function of the C library, so that it is inlined where it is used.
What is longer stands in modules of its own.
"""

from _gamma import gamma, lgamma  # noqa: F401
from _integers import comb, factorial, gcd, isqrt, lcm, perm  # noqa: F401
from _kernels_power import is_moderate
from _sums import dist, fsum, hypot, prod  # noqa: F401
from numir.intrinsics import bits, classify, elementary, kind, libm, python_errors, require

_INFINITY = 1e308 * 10.0
_SMALLEST_NORMAL = 2.2250738585072014e-308
# What exp and sinh do not overflow for.
_LARGEST_EXPONENT = 709.782712893384
_LARGEST_HYPERBOLIC = 710.4758600739439
_DEGREES_PER_RADIAN = 180.0 / 3.141592653589793
_RADIANS_PER_DEGREE = 3.141592653589793 / 180.0


# Roots, exponentials and logarithms.


def sqrt(x: float, /):
    if python_errors():
        require(not x < 0.0, "ValueError", "math domain error")
    return libm("sqrt", x)


def cbrt(x: float, /):
    return elementary("cbrt", x)


def exp(x: float, /):
    if python_errors():
        require((not x > _LARGEST_EXPONENT) | (x == _INFINITY), "OverflowError", "math range error")
    return elementary("exp", x)


def exp2(x: float, /):
    if python_errors():
        require((not x >= 1024.0) | (x == _INFINITY), "OverflowError", "math range error")
    return elementary("exp2", x)


def expm1(x: float, /):
    if python_errors():
        require((not x > _LARGEST_EXPONENT) | (x == _INFINITY), "OverflowError", "math range error")
    return elementary("expm1", x)


def log(x: float, base=None, /):
    if python_errors():
        require(not x <= 0.0, "ValueError", "math domain error")
    if base is None:
        return elementary("log", x)
    divisor = log(base)
    if python_errors() and divisor == 0.0:
        raise ZeroDivisionError("float division by zero")
    return elementary("log", x) / divisor


def log2(x: float, /):
    if python_errors():
        require(not x <= 0.0, "ValueError", "math domain error")
    return elementary("log2", x)


def log10(x: float, /):
    if python_errors():
        require(not x <= 0.0, "ValueError", "math domain error")
    return elementary("log10", x)


def log1p(x: float, /):
    if python_errors():
        require(not x <= -1.0, "ValueError", "math domain error")
    return elementary("log1p", x)


def pow(x: float, y: float, /):
    result = elementary("pow", x, y)
    if python_errors():
        # What is enough stands first, as a loop can test that ahead.
        is_moderate_here = is_moderate(x, y)
        is_fine = classify("isfinite", result) | (not classify("isfinite", x)) | (not classify("isfinite", y))
        is_in_domain = (x != 0.0) & (result == result)
        require(is_moderate_here | (is_fine | is_in_domain), "ValueError", "math domain error")
        require(is_moderate_here | is_fine, "OverflowError", "math range error")
    return result


# Circular and hyperbolic functions.


def sin(x: float, /):
    if python_errors():
        require(not classify("isinf", x), "ValueError", "math domain error")
    return elementary("sin", x)


def cos(x: float, /):
    if python_errors():
        require(not classify("isinf", x), "ValueError", "math domain error")
    return elementary("cos", x)


def tan(x: float, /):
    if python_errors():
        require(not classify("isinf", x), "ValueError", "math domain error")
    return elementary("tan", x)


def asin(x: float, /):
    if python_errors():
        require(not abs(x) > 1.0, "ValueError", "math domain error")
    return elementary("asin", x)


def acos(x: float, /):
    if python_errors():
        require(not abs(x) > 1.0, "ValueError", "math domain error")
    return elementary("acos", x)


def atan(x: float, /):
    return elementary("atan", x)


def atan2(y: float, x: float, /):
    return elementary("atan2", y, x)


def sinh(x: float, /):
    if python_errors():
        require((not abs(x) > _LARGEST_HYPERBOLIC) | classify("isinf", x), "OverflowError", "math range error")
    return elementary("sinh", x)


def cosh(x: float, /):
    if python_errors():
        require((not abs(x) > _LARGEST_HYPERBOLIC) | classify("isinf", x), "OverflowError", "math range error")
    return elementary("cosh", x)


def tanh(x: float, /):
    return elementary("tanh", x)


def asinh(x: float, /):
    return elementary("asinh", x)


def acosh(x: float, /):
    if python_errors():
        require(not x < 1.0, "ValueError", "math domain error")
    return elementary("acosh", x)


def atanh(x: float, /):
    if python_errors():
        require(not abs(x) >= 1.0, "ValueError", "math domain error")
    return elementary("atanh", x)


def degrees(x: float, /):
    return x * _DEGREES_PER_RADIAN


def radians(x: float, /):
    return x * _RADIANS_PER_DEGREE


def erf(x: float, /):
    return libm("erf", x)


def erfc(x: float, /):
    return libm("erfc", x)


# Integers near a float, and what is left of it.


def floor(x, /):
    if kind(x) == "int" or kind(x) == "bool":
        return int(x)
    return int(libm("floor", _real(x)))


def ceil(x, /):
    if kind(x) == "int" or kind(x) == "bool":
        return int(x)
    return int(libm("ceil", _real(x)))


def trunc(x, /):
    # NumPy's scalars have no __trunc__, but for float64, which is a float.
    if not isinstance(x, (int, float)):
        raise TypeError("type of the argument doesn't define __trunc__ method")
    return int(x)


def _real(x: float):
    return x


def fmod(x: float, y: float, /):
    result = libm("fmod", x, y)
    if python_errors() and result != result and x == x and y == y:
        raise ValueError("math domain error")
    return result


def remainder(x: float, y: float, /):
    result = libm("remainder", x, y)
    if python_errors() and result != result and x == x and y == y:
        raise ValueError("math domain error")
    # glibc loses the sign of a zero among subnormal numbers.
    return libm("copysign", result, x) if result == 0.0 else result


def modf(x: float, /):
    whole = libm("trunc", x)
    rest = 0.0 if classify("isinf", x) else x - whole
    return libm("copysign", rest, x), whole


# Signs, classes and neighbours.


def fabs(x: float, /):
    return libm("fabs", x)


def copysign(x: float, y: float, /):
    return libm("copysign", x, y)


def isfinite(x: float, /):
    return classify("isfinite", x)


def isinf(x: float, /):
    return classify("isinf", x)


def isnan(x: float, /):
    return classify("isnan", x)


def isclose(a: float, b: float, *, rel_tol: float = 1e-09, abs_tol: float = 0.0):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if classify("isinf", a) or classify("isinf", b):
        return False
    distance = libm("fabs", b - a)
    return distance <= libm("fabs", rel_tol * b) or distance <= libm("fabs", rel_tol * a) or distance <= abs_tol


def nextafter(x: float, y: float, /):
    return libm("nextafter", x, y)


def ulp(x: float, /):
    if not classify("isfinite", x):
        return libm("fabs", x)
    # The largest floats have no neighbour above; the one below is as far.
    magnitude = libm("fabs", x)
    above = libm("nextafter", magnitude, _INFINITY)
    if classify("isinf", above):
        return magnitude - libm("nextafter", magnitude, 0.0)
    return above - magnitude


def frexp(x: float, /):
    if x == 0.0 or not classify("isfinite", x):
        return x, 0
    exponent = -1022
    if libm("fabs", x) < _SMALLEST_NORMAL:
        x *= 18014398509481984.0
        exponent = -1022 - 54
    pattern = bits(x)
    exponent += (pattern >> 52) & 2047
    return bits(pattern & ~(2047 << 52) | 1022 << 52), exponent


def ldexp(x: float, i: int, /):
    result = scaled(x, i)
    if python_errors() and classify("isinf", result) and classify("isfinite", x):
        raise OverflowError("math range error")
    return result


def scaled(x: float, i: int):
    """x times the i-th power of two, rounded once; infinite where that is too large."""
    # Two steps at most stay among the normal numbers, so that the last product is the only one that rounds.
    result = x
    if i > 1023:
        i = min(i, 3 * 1023) - 1023
        result *= 8.98846567431158e307
        if i > 1023:
            i -= 1023
            result *= 8.98846567431158e307
    elif i < -1022:
        i = max(i, -1022 - 2 * 969) + 969
        result *= 2.004168360008973e-292
        if i < -1022:
            i += 969
            result *= 2.004168360008973e-292
    return result * bits((i + 1023) << 52)
