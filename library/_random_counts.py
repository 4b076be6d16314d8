"""One number of a discrete distribution, drawn as NumPy draws it. Where the legacy functions compute in another way than Generator,
the source's kind is asked for."""

import math

from _random_continuous import chisquare, gamma
from _random_source import double, exponential, normal
from numir.intrinsics import kind, libm, power, to_int

_LARGEST = 9223372036854775807

# Of the Stirling series of the logarithm of the gamma function (Zhang and Jin, Computation of special functions, 1996), the last first.
_STIRLING = (
    -1.39243221690590e00,
    1.796443723688307e-01,
    -2.955065359477124e-02,
    6.410256410256410e-03,
    -1.917526917526918e-03,
    8.417508417508418e-04,
    -5.952380952380952e-04,
    7.936507936507937e-04,
    -2.777777777777778e-03,
    8.333333333333333e-02,
)


def loggam(x: float):
    """The logarithm of the gamma function, as NumPy computes it for these draws."""
    if x == 1.0 or x == 2.0:
        return 0.0
    steps = to_int(7.0 - x) if x <= 7.0 else 0
    shifted = x + steps
    square = 1.0 / (shifted * shifted)
    series = 0.0
    for coefficient in _STIRLING:
        series = series * square + coefficient
    result = series / shifted + 0.5 * libm("log", 2.0 * math.pi) + (shifted - 0.5) * libm("log", shifted) - shifted
    for _ in range(steps):
        result -= libm("log", shifted - 1.0)
        shifted -= 1.0
    return result


def poisson(source, lam: float):
    """By products of uniform numbers; from 10 on by Hörmann's transformed rejection (1993)."""
    if lam == 0.0:
        return 0
    if not lam >= 10.0:
        limit = libm("exp", -lam)
        product = double(source)
        count = 0
        while product > limit:
            count += 1
            product *= double(source)
        return count
    root = libm("sqrt", lam)
    log_lam = libm("log", lam)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    v_r = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u = double(source) - 0.5
        v = double(source)
        us = 0.5 - libm("fabs", u)
        k = to_int(libm("floor", (2.0 * a / us + b) * u + lam + 0.43))
        if us >= 0.07 and v <= v_r:
            return k
        if k < 0 or (us < 0.013 and v > us):
            continue
        chance = libm("log", v) + libm("log", inverse_alpha) - libm("log", a / (us * us) + b)
        if chance <= -lam + k * log_lam - loggam(k + 1.0):
            return k


def negative_binomial(source, n: float, p: float):
    return poisson(source, gamma(source, n, (1.0 - p) / p))


def geometric(source, p: float):
    if p >= 0.333333333333333333333333:
        count = 1
        total = product = p
        u = double(source)
        while u > total:
            product *= 1.0 - p
            total += product
            count += 1
        return count
    if kind(source) == "text":
        return _as_count(libm("ceil", libm("log1p", -double(source)) / libm("log1p", -p)))
    return _as_count(libm("ceil", -exponential(source) / libm("log1p", -p)))


def _as_count(x: float):
    return _LARGEST if x >= 9.223372036854776e18 else to_int(x)


def logseries(source, p: float):
    """By Kemp (1981)."""
    r = libm("log1p", -p)
    while True:
        v = double(source)
        if v >= p:
            return 1
        u = double(source)
        q = -libm("expm1", r * u)
        if v <= q * q:
            result = to_int(libm("floor", 1.0 + libm("log", v) / libm("log", q)))
            if result >= 1 and v != 0.0:
                return result
        elif v >= q:
            return 1
        else:
            return 2


def zipf(source, a: float):
    """By Devroye's rejection (1986)."""
    if kind(source) != "text" and a >= 1025.0:
        return 1
    less = a - 1.0
    b = power(2.0, less)
    smallest = 0.0 if kind(source) == "text" else power(9.223372036854775807e18, -less)
    while True:
        u = double(source)
        u = 1.0 - u if kind(source) == "text" else u * smallest + (1.0 - u)
        v = double(source)
        x = libm("floor", power(u, -1.0 / less))
        if x > 9.223372036854775807e18 or x < 1.0:
            continue
        t = power(1.0 + 1.0 / x, less)
        if v * x * (t - 1.0) / (b - 1.0) <= t / b:
            return to_int(x)


def noncentral_chisquare(source, df: float, nonc: float):
    if math.isnan(nonc) and kind(source) != "text":
        return math.nan
    if nonc == 0.0:
        return chisquare(source, df)
    if df > 1.0:
        central = chisquare(source, df - 1.0)
        shifted = normal(source) + libm("sqrt", nonc)
        return central + shifted * shifted
    count = poisson(source, nonc / 2.0)
    result = chisquare(source, df + 2 * count)
    return math.nan if math.isnan(nonc) else result


def noncentral_f(source, dfnum: float, dfden: float, nonc: float):
    above = noncentral_chisquare(source, dfnum, nonc) * dfden
    return above / (chisquare(source, dfden) * dfnum)
