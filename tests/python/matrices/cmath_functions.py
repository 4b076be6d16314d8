"""All of `cmath`, special values included."""

import cmath
import math

import numpy as np

ONE = "acos acosh asin asinh atan atanh cos cosh exp isfinite isinf isnan log log10 phase polar sin sinh sqrt tan tanh".split()
PARTS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-5, 30.0, 720.0, 1e300, math.inf, -math.inf, math.nan)
# Identities in floats lose a few bits where real and imaginary part meet.
ULP = 8


def build(matrix, random):
    values = [complex(a, b) for a in PARTS for b in PARTS]
    for name in ONE:
        for value in values:
            matrix.expression("z", f"cmath.{name}(z)", (value,), ulp=ULP, strict=True)
        for value in (2, 0.5, True, np.complex64(1 + 2j), np.float32(0.5)):
            matrix.expression("z", f"cmath.{name}(z)", (value,), ulp=ULP, strict=True)
    for r in PARTS:
        for phi in PARTS:
            matrix.expression("r, p", "cmath.rect(r, p)", (r, phi), ulp=ULP, strict=True)
    for z in values[::7]:
        for base in (2, 0.5, 1j, 0j, 1 + 0j):
            matrix.expression("z, b", "cmath.log(z, b)", (z, base), ulp=4 * ULP, strict=True)
        for w in values[::11]:
            matrix.expression("z, w", "cmath.isclose(z, w)", (z, w), strict=True)
    matrix.expression("z, w", "cmath.isclose(z, w, rel_tol=0.5, abs_tol=0.1)", (1 + 1j, 1.4 + 1j), strict=True)
    for name in ("pi", "e", "tau", "inf", "nan", "infj", "nanj"):
        matrix.expression("", f"cmath.{name}", (), strict=True)
    assert set(ONE) <= set(dir(cmath))
