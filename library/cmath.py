"""Functions of complex numbers, with CPython's results, branch cuts, special values and errors.

Square roots, logarithms and inverse functions go by Kahan's "Branch cuts for complex elementary functions": signed zeros
choose the side of a cut, and nothing overflows or cancels on the way. Where a part of the argument is not finite, the
limits of C99's Annex G are written out.
"""

from numir.intrinsics import classify, libm, python_errors

_INFINITY = 1e308 * 10.0
_NAN = _INFINITY - _INFINITY
_HALF_PI = 1.5707963267948966
_LN_2 = 0.6931471805599453
_LN_10 = 2.302585092994046
_SMALLEST_NORMAL = 2.2250738585072014e-308
# A quarter of the largest float, its logarithm, and the square roots of it and of the smallest normal one.
_LARGE = 4.49423283715579e307
_LOG_LARGE = 708.3964185322641
_ROOT_LARGE = 6.703903964971298e153
_ROOT_SMALL = 1.4916681462400413e-154


def isfinite(z: complex, /):
    return classify("isfinite", z.real) and classify("isfinite", z.imag)


def isinf(z: complex, /):
    return classify("isinf", z.real) or classify("isinf", z.imag)


def isnan(z: complex, /):
    return classify("isnan", z.real) or classify("isnan", z.imag)


def isclose(a: complex, b: complex, *, rel_tol: float = 1e-09, abs_tol: float = 0.0):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    distance = _abs(a - b)
    return distance <= rel_tol * _abs(b) or distance <= rel_tol * _abs(a) or distance <= abs_tol


# Polar coordinates.


def phase(z: complex, /):
    return libm("atan2", z.imag, z.real)


def polar(z: complex, /):
    radius = _abs(z)
    if python_errors() and classify("isinf", radius) and isfinite(z):
        raise OverflowError("math range error")
    return radius, libm("atan2", z.imag, z.real)


def rect(r: float, phi: float, /):
    if phi == 0.0:
        return complex(r, _sign(r) * phi if r == r else 0.0)
    if python_errors() and classify("isinf", phi) and r != 0.0 and not classify("isnan", r):
        raise ValueError("math domain error")
    if not classify("isfinite", phi):
        if r == 0.0:
            return 0j
        return complex(libm("fabs", r), _NAN) if classify("isinf", r) else complex(_NAN, _NAN)
    return complex(r * libm("cos", phi), r * libm("sin", phi))


def _abs(z):
    return libm("hypot", z.real, z.imag)


# Roots, exponentials and logarithms.


def sqrt(z: complex, /):
    x, y = z.real, z.imag
    if not isfinite(z):
        if classify("isinf", y):
            return complex(_INFINITY, y)
        if x == _INFINITY:
            return complex(x, y if y != y else libm("copysign", 0.0, y))
        if x == -_INFINITY:
            return complex(y if y != y else 0.0, libm("copysign", _INFINITY, y))
        return complex(_NAN, _NAN)
    if x == 0.0 and y == 0.0:
        return complex(0.0, y)
    across, up = libm("fabs", x), libm("fabs", y)
    if across < _SMALLEST_NORMAL and up < _SMALLEST_NORMAL:
        # Scaled by 2**54, and the root by 2**-27.
        across *= 18014398509481984.0
        larger = libm("sqrt", across + libm("hypot", across, up * 18014398509481984.0)) * 5.268356063861754e-09
    else:
        across *= 0.125
        larger = 2.0 * libm("sqrt", across + libm("hypot", across, up * 0.125))
    smaller = up / (2.0 * larger)
    if x >= 0.0:
        return complex(larger, libm("copysign", smaller, y))
    return complex(smaller, libm("copysign", larger, y))


def exp(z: complex, /):
    x, y = z.real, z.imag
    if python_errors() and classify("isinf", y) and not classify("isnan", x) and x != -_INFINITY:
        raise ValueError("math domain error")
    if y == 0.0:
        length = libm("exp", x)
        if python_errors() and length == _INFINITY and classify("isfinite", x):
            raise OverflowError("math range error")
        return complex(length, y)
    if not classify("isfinite", y):
        if x == -_INFINITY:
            return 0j
        return complex(x if x == _INFINITY else _NAN, _NAN)
    # Near the largest float the length alone may overflow where its parts do not.
    rest = 1.0
    if x > _LOG_LARGE and classify("isfinite", x):
        x -= 1.0
        rest = 2.718281828459045
    length = libm("exp", x)
    result = complex(length * libm("cos", y) * rest, length * libm("sin", y) * rest)
    if python_errors() and classify("isfinite", x) and isinf(result):
        raise OverflowError("math range error")
    return result


def log(z: complex, base=None, /):
    if base is None:
        if python_errors() and z == 0j:
            raise ValueError("math domain error")
        return _log(z)
    # As in CPython, the base alone decides on the error.
    divisor = log(base)
    if python_errors() and divisor == 0j:
        raise ValueError("math domain error")
    return _log(z) / divisor


def log10(z: complex, /):
    if python_errors() and z == 0j:
        raise ValueError("math domain error")
    result = _log(z)
    return complex(result.real / _LN_10, result.imag / _LN_10)


def _log(z: complex):
    return complex(_log_of_abs(z), libm("atan2", z.imag, z.real))


def _log_of_abs(z: complex):
    x, y = libm("fabs", z.real), libm("fabs", z.imag)
    if x > _LARGE or y > _LARGE:
        return libm("log", libm("hypot", 0.5 * x, 0.5 * y)) + _LN_2
    if x < _SMALLEST_NORMAL and y < _SMALLEST_NORMAL and (x > 0.0 or y > 0.0):
        return libm("log", libm("hypot", x * 9007199254740992.0, y * 9007199254740992.0)) - 53.0 * _LN_2
    radius = libm("hypot", x, y)
    if 0.71 <= radius <= 1.73:
        # Near the unit circle: log1p of the square of the radius less 1.
        larger, smaller = max(x, y), min(x, y)
        return libm("log1p", (larger - 1.0) * (larger + 1.0) + smaller * smaller) / 2.0
    return libm("log", radius)


def _log_of_twice_large(z: complex):
    """log(2 abs(z)) of a z so large that its square overflows."""
    return libm("log", libm("hypot", 0.5 * z.real, 0.5 * z.imag)) + 2.0 * _LN_2


# Hyperbolic functions; the circular ones are theirs of i z.


def cosh(z: complex, /):
    x, y = z.real, z.imag
    if python_errors() and classify("isinf", y) and not classify("isnan", x):
        raise ValueError("math domain error")
    if not isfinite(z):
        if y == 0.0:
            return complex(libm("fabs", x), _sign(x) * y if x == x else 0.0)
        if not classify("isfinite", y):
            if classify("isinf", x):
                return complex(_INFINITY, _NAN)
            return complex(_NAN, 0.0 if x == 0.0 else _NAN)
        return complex(libm("fabs", x) * libm("cos", y), x * libm("sin", y))
    if libm("fabs", x) > _LOG_LARGE:
        x -= _sign(x)
        e = 2.718281828459045
        result = complex(libm("cos", y) * libm("cosh", x) * e, libm("sin", y) * libm("sinh", x) * e)
    else:
        result = complex(libm("cos", y) * libm("cosh", x), libm("sin", y) * libm("sinh", x))
    if python_errors() and isinf(result):
        raise OverflowError("math range error")
    return result


def sinh(z: complex, /):
    x, y = z.real, z.imag
    if python_errors() and classify("isinf", y) and not classify("isnan", x):
        raise ValueError("math domain error")
    if not isfinite(z):
        if y == 0.0:
            return z
        if not classify("isfinite", y):
            if classify("isinf", x):
                return complex(_INFINITY, _NAN)
            return complex(0.0 if x == 0.0 else _NAN, _NAN)
        return complex(x * libm("cos", y), libm("fabs", x) * libm("sin", y))
    if libm("fabs", x) > _LOG_LARGE:
        x -= _sign(x)
        e = 2.718281828459045
        result = complex(libm("cos", y) * libm("sinh", x) * e, libm("sin", y) * libm("cosh", x) * e)
    else:
        result = complex(libm("cos", y) * libm("sinh", x), libm("sin", y) * libm("cosh", x))
    if python_errors() and isinf(result):
        raise OverflowError("math range error")
    return result


def tanh(z: complex, /):
    x, y = z.real, z.imag
    if python_errors() and classify("isinf", y) and classify("isfinite", x):
        raise ValueError("math domain error")
    if not isfinite(z):
        if classify("isinf", x):
            turn = 2.0 * libm("sin", y) * libm("cos", y)
            return complex(_sign(x), libm("copysign", 0.0, turn if turn == turn else 1.0))
        if x != x and y == 0.0:
            return z
        return complex(_NAN, _NAN)
    if libm("fabs", x) > _LOG_LARGE:
        return complex(_sign(x), 4.0 * libm("sin", y) * libm("cos", y) * libm("exp", -2.0 * libm("fabs", x)))
    # With t = tan(y) and s = tanh(x): (s (1 + t**2) + i t / cosh(x)**2) / (1 + (s t)**2).
    s, t = libm("tanh", x), libm("tan", y)
    narrowing = 1.0 / libm("cosh", x)
    product = s * t
    divisor = 1.0 + product * product
    return complex(s * (1.0 + t * t) / divisor, t / divisor * narrowing * narrowing)


def cos(z: complex, /):
    return cosh(_times_i(z))


def sin(z: complex, /):
    return _over_i(sinh(_times_i(z)))


def tan(z: complex, /):
    return _over_i(tanh(_times_i(z)))


def _times_i(z: complex):
    return complex(-z.imag, z.real)


def _over_i(z: complex):
    return complex(z.imag, -z.real)


def _sign(x: float):
    """1 or -1 by the sign, also of a zero; 1 of NaN."""
    return libm("copysign", 1.0, x) if x == x else 1.0


# Their inverses.


def acos(z: complex, /):
    x, y = z.real, z.imag
    if not _is_moderate(z):
        real = libm("atan2", libm("fabs", y), x) if x != 0.0 or y == y else _HALF_PI
        return complex(real, -_sign(y) * _far_real_part(z) if y == y else _far_real_part(z))
    minus, plus = sqrt(complex(1.0 - x, -y)), sqrt(complex(1.0 + x, y))
    real = 2.0 * libm("atan2", minus.real, plus.real)
    return complex(real, libm("asinh", plus.real * minus.imag - plus.imag * minus.real))


def acosh(z: complex, /):
    x, y = z.real, z.imag
    if not _is_moderate(z):
        return complex(_far_real_part(z), libm("atan2", y, x))
    minus, plus = sqrt(complex(x - 1.0, y)), sqrt(complex(x + 1.0, y))
    real = libm("asinh", minus.real * plus.real + minus.imag * plus.imag)
    return complex(real, 2.0 * libm("atan2", minus.imag, plus.real))


def asinh(z: complex, /):
    x, y = z.real, z.imag
    if not _is_moderate(z):
        imaginary = y if y == 0.0 else libm("atan2", y, libm("fabs", x))
        return complex(_sign(x) * _far_real_part(z), imaginary)
    plus, minus = sqrt(complex(1.0 + y, -x)), sqrt(complex(1.0 - y, x))
    real = libm("asinh", plus.real * minus.imag - minus.real * plus.imag)
    return complex(real, libm("atan2", y, plus.real * minus.real - plus.imag * minus.imag))


def asin(z: complex, /):
    return _over_i(asinh(_times_i(z)))


def atanh(z: complex, /):
    # The function is odd: the half plane on the right is enough.
    sign = _sign(z.real)
    x, y = sign * z.real, sign * z.imag
    if not isfinite(z):
        far = classify("isinf", x) or classify("isinf", y)
        real = 0.0 if far or x == 0.0 else _NAN
        imaginary = libm("copysign", _HALF_PI, y) if far and y == y else _NAN
        return complex(sign * real, sign * imaginary)
    up = libm("fabs", y)
    if x == 1.0 and y == 0.0:
        if python_errors():
            raise ValueError("math domain error")
        return complex(sign * _INFINITY, sign * y)
    if x > _ROOT_LARGE or up > _ROOT_LARGE:
        # 1 / z, and a quarter turn.
        half = libm("hypot", 0.5 * x, 0.5 * y)
        real = x / 4.0 / half / half
        imaginary = libm("copysign", _HALF_PI, y)
    elif x == 1.0 and up < _ROOT_SMALL:
        real = -libm("log", libm("sqrt", up) / libm("sqrt", libm("hypot", up, 2.0)))
        imaginary = libm("copysign", 0.5 * libm("atan2", 2.0, -up), y)
    else:
        real = libm("log1p", 4.0 * x / (up * up + (1.0 - x) * (1.0 - x))) / 4.0
        imaginary = -libm("atan2", -2.0 * y, (1.0 - x) * (1.0 + x) - up * up) / 2.0
    return complex(sign * real, sign * imaginary)


def atan(z: complex, /):
    return _over_i(atanh(_times_i(z)))


def _is_moderate(z: complex):
    """Whether z and its square roots can be computed with as they are."""
    return libm("fabs", z.real) <= _LARGE and libm("fabs", z.imag) <= _LARGE


def _far_real_part(z: complex):
    """The logarithm of twice the absolute value of a large number; NaN if a part is, and the other not infinite."""
    return _INFINITY if isinf(z) else _log_of_twice_large(z)
