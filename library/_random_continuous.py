"""One number of a continuous distribution, drawn as NumPy draws it. Where the legacy functions compute in another way than Generator,
the source's kind is asked for."""

import math

import numpy as np
from _random_source import (
    double,
    exponential,
    exponential_single,
    normal,
    normal_single,
    single,
)
from numir.intrinsics import kind, libm, power


def uniform(source, low, width):
    return low + width * double(source)


def scaled_normal(source, loc, scale):
    return loc + scale * normal(source)


def lognormal(source, mean, sigma):
    return libm("exp", scaled_normal(source, mean, sigma))


def scaled_exponential(source, scale):
    return scale * exponential(source)


def standard_gamma(source, shape: float):
    """By Marsaglia and Tsang (A simple method for generating gamma variables, 2000); below 1 by Ahrens and Dieter (1974)."""
    if shape == 1.0:
        return exponential(source)
    if shape == 0.0:
        return 0.0
    if shape < 1.0:
        while True:
            u = double(source)
            v = exponential(source)
            if u <= 1.0 - shape:
                x = power(u, 1.0 / shape)
                if x <= v:
                    return x
            else:
                y = -libm("log", (1.0 - u) / shape)
                x = power(1.0 - shape + shape * y, 1.0 / shape)
                if x <= v + y:
                    return x
    b = shape - 1.0 / 3.0
    c = 1.0 / libm("sqrt", 9.0 * b)
    while True:
        x = normal(source)
        v = 1.0 + c * x
        while v <= 0.0:
            x = normal(source)
            v = 1.0 + c * x
        v = v * v * v
        u = double(source)
        if u < 1.0 - 0.0331 * (x * x) * (x * x):
            return b * v
        if libm("log", u) < 0.5 * x * x + b * (1.0 - v + libm("log", v)):
            return b * v


def standard_gamma_single(source, shape: np.float32):
    """The same in single precision, which Generator alone has."""
    one = np.float32(1.0)
    if shape == one:
        return exponential_single(source)
    if shape == np.float32(0.0):
        return np.float32(0.0)
    if shape < one:
        while True:
            u = single(source)
            v = exponential_single(source)
            if u <= one - shape:
                x = libm("pow", u, one / shape)
                if x <= v:
                    return x
            else:
                y = -libm("log", (one - u) / shape)
                x = libm("pow", one - shape + shape * y, one / shape)
                if x <= v + y:
                    return x
    b = shape - one / np.float32(3.0)
    c = one / libm("sqrt", np.float32(9.0) * b)
    while True:
        x = normal_single(source)
        v = one + c * x
        while v <= np.float32(0.0):
            x = normal_single(source)
            v = one + c * x
        v = v * v * v
        u = single(source)
        if u < one - np.float32(0.0331) * (x * x) * (x * x):
            return b * v
        if libm("log", u) < np.float32(0.5) * x * x + b * (one - v + libm("log", v)):
            return b * v


def gamma(source, shape: float, scale):
    return scale * standard_gamma(source, shape)


def beta(source, a: float, b: float):
    """By Jöhnk (1964) where both are at most 1, else from two gamma numbers."""
    if a > 1.0 or b > 1.0:
        first = standard_gamma(source, a)
        second = standard_gamma(source, b)
        return first / (first + second)
    if kind(source) != "text" and a < 3e-103 and b < 3e-103:
        return 1.0 if (a + b) * double(source) < a else 0.0
    while True:
        u = double(source)
        v = double(source)
        x = power(u, 1.0 / a)
        y = power(v, 1.0 / b)
        if kind(source) == "text":
            if x + y <= 1.0:
                if x + y > 0:
                    return x / (x + y)
                log_x, log_y = libm("log", u) / a, libm("log", v) / b
                largest = log_x if log_x > log_y else log_y
                log_x -= largest
                log_y -= largest
                return libm("exp", log_x - libm("log", libm("exp", log_x) + libm("exp", log_y)))
        elif x + y <= 1.0 and u + v > 0.0:
            if x > 0 and y > 0:
                return x / (x + y)
            # Too small for their powers: the same from logarithms.
            more = libm("log", u) / a - libm("log", v) / b
            if more > 0:
                return libm("exp", -libm("log1p", libm("exp", -more)))
            return libm("exp", more - libm("log1p", libm("exp", more)))


def chisquare(source, df: float):
    return 2.0 * standard_gamma(source, df / 2.0)


def f(source, dfnum: float, dfden: float):
    above = chisquare(source, dfnum) * dfden
    return above / (chisquare(source, dfden) * dfnum)


def standard_cauchy(source):
    above = normal(source)
    return above / normal(source)


def standard_t(source, df: float):
    above = normal(source)
    below = standard_gamma(source, df / 2)
    return libm("sqrt", df / 2) * above / libm("sqrt", below)


def pareto(source, a: float):
    if kind(source) == "text":
        return libm("exp", exponential(source) / a) - 1.0
    return libm("expm1", exponential(source) / a)


def weibull(source, a: float):
    return 0.0 if a == 0.0 else power(exponential(source), 1.0 / a)


def power_function(source, a: float):
    if kind(source) == "text":
        return power(1.0 - libm("exp", -exponential(source)), 1.0 / a)
    return power(-libm("expm1", -exponential(source)), 1.0 / a)


def laplace(source, loc, scale):
    while True:
        u = double(source)
        if u >= 0.5:
            return loc - scale * libm("log", 2.0 - u - u)
        if u > 0.0:
            return loc + scale * libm("log", u + u)


def gumbel(source, loc, scale):
    while True:
        u = 1.0 - double(source)
        if u < 1.0:
            return loc - scale * libm("log", -libm("log", u))


def logistic(source, loc, scale):
    while True:
        u = double(source)
        if u > 0.0:
            return loc + scale * libm("log", u / (1.0 - u))


def rayleigh(source, scale):
    if kind(source) == "text":
        return scale * libm("sqrt", -2.0 * libm("log1p", -double(source)))
    return scale * libm("sqrt", 2.0 * exponential(source))


def wald(source, mean: float, scale: float):
    """By Michael, Schucany and Haas (1976)."""
    y = normal(source)
    y = mean * y * y
    if kind(source) == "text":
        x = mean + mean / (2.0 * scale) * (y - libm("sqrt", 4.0 * scale * y + y * y))
    else:
        x = mean * (1.0 - 2.0 / (1.0 + libm("sqrt", 1.0 + 4.0 * scale / y)))
    u = double(source)
    return x if u <= mean / (mean + x) else mean * mean / x


def vonmises(source, mu: float, kappa: float):
    """By Best and Fisher (1979); on a circle that is nearly all one point, as a normal number."""
    if math.isnan(kappa):
        return math.nan
    if kappa < 1e-8:
        return math.pi * (2.0 * double(source) - 1.0)
    if kappa < 1e-5:
        s = 1.0 / kappa + kappa
    elif kind(source) == "text" or kappa <= 1e6:
        r = 1.0 + libm("sqrt", 1.0 + 4.0 * kappa * kappa)
        rho = (r - libm("sqrt", 2.0 * r)) / (2.0 * kappa)
        s = (1.0 + rho * rho) / (2.0 * rho)
    else:
        angle = mu + libm("sqrt", 1.0 / kappa) * normal(source)
        if angle < -math.pi:
            angle += 2.0 * math.pi
        if angle > math.pi:
            angle -= 2.0 * math.pi
        return angle
    while True:
        z = libm("cos", math.pi * double(source))
        w = (1.0 + s * z) / (s + z)
        y = kappa * (s - w)
        v = double(source)
        if y * (2.0 - y) - v >= 0.0 or libm("log", y / v) + 1.0 - y >= 0.0:
            break
    angle = libm("acos", w)
    if double(source) < 0.5:
        angle = -angle
    angle += mu
    size = libm("fmod", libm("fabs", angle) + math.pi, 2.0 * math.pi) - math.pi
    return -size if angle < 0.0 else size


def triangular(source, left: float, mode: float, right: float):
    base = right - left
    left_base = mode - left
    ratio = left_base / base
    u = double(source)
    if u <= ratio:
        return left + libm("sqrt", u * (left_base * base))
    return right - libm("sqrt", (1.0 - u) * ((right - mode) * base))
