"""Items of NumPy's ufuncs, as far as they are more than an operation or a function of C. Nothing raises here."""

from cmath import exp, log
from math import frexp

import numpy as np
from numir.intrinsics import classify, elementary, kind, libm, result_type

_LN_2 = 0.6931471805599453


def check_exponents(exponents):
    if np.any(exponents < 0):
        raise ValueError("Integers to negative integer powers are not allowed.")


def fmod(x, y):
    if kind(x) == "float":
        return libm("fmod", x, y)
    rest = x % y
    return rest - y if rest != 0 and (x < 0) != (y < 0) else rest


def reciprocal(x):
    if kind(x) == "float" or kind(x) == "complex":
        return 1 / x
    one = result_type(x)(1)
    return x if x == one or x == -one else one - one


def sign(x):
    if kind(x) == "complex":
        size = abs(x)
        if size == 0:
            return x
        return result_type(x)(x / size)
    zero = result_type(x)(0)
    if x > zero:
        return result_type(x)(1)
    if x < zero:
        return result_type(x)(-1) if kind(x) == "float" else zero - result_type(x)(1)
    return x


def sign_of_count(x):
    """Of a count of units of time, the least of which is NaT."""
    if x == np.int64(-9223372036854775808):
        return x
    return np.int64(1) if x > 0 else (np.int64(-1) if x < 0 else np.int64(0))


def heaviside(x, value):
    if classify("isnan", x):
        return x
    if x == 0:
        return value
    return result_type(x)(0) if x < 0 else result_type(x)(1)


def conjugate(x):
    return x.conjugate() if kind(x) == "complex" else x


def logaddexp(x, y):
    if x == y:
        return x + result_type(x)(_LN_2)
    distance = x - y
    if distance > 0:
        return x + elementary("log1p", elementary("exp", -distance))
    return y + elementary("log1p", elementary("exp", distance))


def logaddexp2(x, y):
    if x == y:
        return x + result_type(x)(1)
    distance = x - y
    factor = result_type(x)(1.4426950408889634)
    if distance > 0:
        return x + elementary("log1p", elementary("exp2", -distance)) * factor
    return y + elementary("log1p", elementary("exp2", distance)) * factor


def degrees(x):
    return x * result_type(x)(57.29577951308232)


def radians(x):
    return x * result_type(x)(0.017453292519943295)


def fraction(x):
    if classify("isinf", x):
        return libm("copysign", result_type(x)(0), x)
    return libm("copysign", x - libm("trunc", x), x)


def mantissa(x: float):
    return frexp(x)[0]


def exponent(x: float):
    return frexp(x)[1]


def spacing(x):
    if classify("isinf", x):
        return x - x
    infinity = result_type(x)(1e308 * 10.0)
    return libm("nextafter", x, libm("copysign", infinity, x)) - x


def half_spacing(x: float):
    """The distance of a half to the next larger one, as NumPy has it; of other floats it is to the next one away from 0."""
    if classify("isnan", x) or classify("isinf", x):
        return x - x
    if x == 65504.0:
        return 1e308 * 10.0
    return _half_step(x) if x >= 0.0 else _half_step_below(-x)


def _half_step(size: float):
    """The distance from a positive half to the next larger one."""
    if size < 6.103515625e-05:
        return 5.960464477539063e-08
    return libm("exp2", float(frexp(size)[1] - 11))


def _half_step_below(size: float):
    """The distance from a positive half to the next smaller one: below a power of two it is half of that above it."""
    step = _half_step(size)
    return step * 0.5 if frexp(size)[0] == 0.5 and size > 6.103515625e-05 else step


def next_half(x: float, y: float):
    if classify("isnan", x) or classify("isnan", y):
        return x + y
    if x == y:
        return y
    if x == 0.0:
        return libm("copysign", 5.960464477539063e-08, y)
    size = abs(x)
    if (y > x) == (x > 0.0):
        return libm("copysign", size + _half_step(size) if size < 65504.0 else 1e308 * 10.0, x)
    if classify("isinf", x):
        return libm("copysign", 65504.0, x)
    return libm("copysign", size - _half_step_below(size), x)


def bitwise_count(x):
    rest = np.uint64(abs(np.int64(x))) if x < 0 else np.uint64(x)
    count = np.uint8(0)
    while rest != 0:
        rest &= rest - np.uint64(1)
        count += np.uint8(1)
    return count


def gcd(x, y):
    while y != 0:
        x, y = y, x % y
    return abs(x)


def lcm(x, y):
    divisor = gcd(x, y)
    return divisor if divisor == 0 else abs(x // divisor * y)


def fmax(x, y):
    if kind(x) == "complex":
        return x if _is_nan(y) or (not _is_nan(x) and at_least(x, y)) else y
    return x if x >= y or y != y else y


def fmin(x, y):
    if kind(x) == "complex":
        return x if _is_nan(y) or (not _is_nan(x) and at_least(y, x)) else y
    return x if x <= y or y != y else y


def maximum(x, y):
    return x if _is_nan(x) or (not _is_nan(y) and at_least(x, y)) else y


def minimum(x, y):
    return x if _is_nan(x) or (not _is_nan(y) and at_least(y, x)) else y


def _is_nan(z):
    return z.real != z.real or z.imag != z.imag


def above(x, y):
    return x.real > y.real or (x.real == y.real and x.imag > y.imag)


def at_least(x, y):
    """The order of complex numbers: by their real parts, then by the imaginary ones."""
    return x.real > y.real or (x.real == y.real and x.imag >= y.imag)


# Complex numbers, of doubles.


def complex_exp2(z: complex):
    return exp(z * _LN_2)


def complex_log2(z: complex):
    logarithm = log(z)
    return complex(logarithm.real * 1.4426950408889634, logarithm.imag * 1.4426950408889634)


def complex_expm1(z: complex):
    half = elementary("sin", z.imag * 0.5)
    growth = elementary("expm1", z.real)
    return complex(growth * elementary("cos", z.imag) - 2.0 * half * half, (growth + 1.0) * elementary("sin", z.imag))


def complex_log1p(z: complex):
    size = elementary("hypot", z.real + 1.0, z.imag)
    return complex(elementary("log", size), elementary("atan2", z.imag, z.real + 1.0))


def complex_rint(z: complex):
    return complex(libm("rint", z.real), libm("rint", z.imag))
