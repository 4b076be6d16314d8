"""All of `math`: every function at edge values and at ordinary ones, of Python's and of NumPy's types."""

import math

import numpy as np

from matrices.values import EDGE_FLOATS

ONE = {
    "acos": 2,
    "acosh": 3,
    "asin": 2,
    "asinh": 3,
    "atan": 2,
    "atanh": 3,
    "cbrt": 4,
    "ceil": 0,
    "cos": 2,
    "cosh": 3,
    "degrees": 0,
    "erf": 1,
    "erfc": 2,
    "exp": 2,
    "exp2": 2,
    "expm1": 2,
    "fabs": 0,
    "floor": 0,
    "frexp": 0,
    "gamma": 16,
    "isfinite": 0,
    "isinf": 0,
    "isnan": 0,
    "lgamma": 16,
    "log": 2,
    "log10": 2,
    "log1p": 2,
    "log2": 2,
    "modf": 0,
    "radians": 0,
    "sin": 2,
    "sinh": 3,
    "sqrt": 0,
    "tan": 2,
    "tanh": 3,
    "trunc": 0,
    "ulp": 0,
}
TWO = {
    "atan2": 2,
    "copysign": 0,
    "fmod": 0,
    "hypot": 1,
    "isclose": 0,
    "log": 4,
    "nextafter": 0,
    "pow": 2,
    "remainder": 0,
}
ORDINARY = (0.1, -0.3, 0.75, 0.999, 1.5, 2.0, -2.5, 10.0, 25.5, -170.5, 171.6, 720.0, 1e-8, 1e-310, 1e22, 2.0**60)
WHOLE = (0, 1, 2, 3, 5, 10, 20, 21, 30, -1, -6, 64, 97)


def build(matrix, random):
    for name, ulp in ONE.items():
        for value in EDGE_FLOATS + ORDINARY:
            when = fits if name in ("ceil", "floor", "trunc") else None
            matrix.expression("x", f"math.{name}(x)", (value,), ulp=ulp, strict=True, when=when)
        for value in (0, 1, 2, -3, True, np.float32(0.5), np.int8(3), np.float64(0.25)):
            if name == "trunc" and isinstance(value, (np.float32, np.int8)):
                continue  # NumPy's scalars lack the method.
            matrix.expression("x", f"math.{name}(x)", (value,), ulp=ulp, strict=name not in ("ceil", "floor", "trunc"))
    for name, ulp in TWO.items():
        for a in EDGE_FLOATS + ORDINARY:
            for b in EDGE_FLOATS + ORDINARY:
                matrix.expression("x, y", f"math.{name}(x, y)", (a, b), ulp=ulp, strict=True)
        matrix.expression("x, y", f"math.{name}(x, y)", (3, 2), ulp=ulp, strict=True)
    integers(matrix)
    several(matrix)
    constants(matrix)


def integers(matrix):
    for a in WHOLE:
        for name in ("factorial", "isqrt"):
            matrix.expression("n", f"math.{name}(n)", (a,), strict=True, when=fits)
        matrix.expression("x, n", "math.ldexp(x, n)", (0.75, a), strict=True)
        matrix.expression("n", "math.perm(n)", (a,), strict=True, when=fits)
        for b in WHOLE:
            for name in ("comb", "perm", "gcd", "lcm"):
                matrix.expression("n, k", f"math.{name}(n, k)", (a, b), strict=True, when=fits)
    for x, n in ((1.0, 1024), (1.0, 1023), (5e-324, 1074), (1.0, -1075), (math.inf, 5), (math.nan, -5), (0.0, 1 << 40)):
        matrix.expression("x, n", "math.ldexp(x, n)", (x, n), strict=True)
    for value in (2**62, 2**63 - 1, (1 << 31) ** 2 - 1, 10**18):
        matrix.expression("n", "math.isqrt(n)", (value,), strict=True)
    matrix.expression("a, b, c", "math.gcd(a, b, c), math.lcm(a, b, c)", (12, 18, 27), strict=True)
    matrix.expression("", "math.gcd(), math.lcm()", (), strict=True)


def several(matrix):
    for a, b in (((1.0, 2.0), (4.0, 6.0)), ((0.0,), (5e-324,)), ((1e300, 1e300, 0.0), (-1e300, 0.0, 1.0))):
        matrix.expression("p, q", "math.dist(p, q)", (a, b), ulp=1, strict=True)
    for t in ((3.0, 4.0), (1e200, 1e200, 1e200), (1, 2, 2), (5e-324, 5e-324), (math.inf, math.nan), (0.5,)):
        arguments = ", ".join(f"x{i}" for i in range(len(t)))
        matrix.expression(arguments, f"math.hypot({arguments})", t, ulp=1, strict=True)
    for t in ((0.1,) * 10, (1e100, 1.0, -1e100), (math.inf, 1.0), (1.0, 1e16, -1e16, 1e-16)):
        matrix.expression("t", "math.fsum(t)", (t,), strict=True)
        matrix.expression("a", "math.fsum(a)", (np.array(t),), strict=True)
        matrix.expression("t", "math.prod(t)", (t,), strict=True)
        matrix.expression("t", "math.prod(t, start=2.0)", (t,), strict=True)
    for a, b, tolerance in ((1.0, 1.0000001, 1e-6), (0.0, 1e-12, 1e-9), (math.inf, math.inf, 0.0), (1.0, 2.0, -1.0)):
        matrix.expression("a, b, t", "math.isclose(a, b, rel_tol=t)", (a, b, tolerance), strict=True)
        matrix.expression("a, b, t", "math.isclose(a, b, abs_tol=t)", (a, b, tolerance), strict=True)
    for x, y in ((0.0, 1.0), (1.0, 0.0), (-0.0, 0.0), (math.inf, 0.0)):
        matrix.expression("x, y", "math.nextafter(x, y)", (x, y), strict=True)
    for x, base in ((8, 2), (100.0, 10), (0.5, 0.25), (1.0, 1.0), (-1.0, 2.0), (5.0, 0.0)):
        matrix.expression("x, b", "math.log(x, b)", (x, base), ulp=2, strict=True)


def constants(matrix):
    for name in ("pi", "e", "tau", "inf", "nan"):
        matrix.expression("", f"math.{name}", (), strict=True)


def fits(outcome):
    """Whether the integer has 64 bits."""
    return outcome.error is not None or type(outcome.value) is not int or -(2**63) <= outcome.value < 2**63
