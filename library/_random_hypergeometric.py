"""Hypergeometric numbers, drawn as NumPy draws them: one by one where few are drawn, else by Stadlober's ratio of uniforms."""

from _gamma import _log_gamma
from _random_counts import loggam
from _random_source import double, interval
from numir.intrinsics import kind, libm, to_int


def _log_factorial(k: int):
    if k < 126:
        return _log_gamma(k + 1.0)
    x = float(k)
    return (x + 0.5) * libm("log", x) - x + (0.9189385332046728 + (1.0 / x) * (1.0 / 12.0 - 1.0 / (360.0 * x * x)))


def hypergeometric(source, ngood: int, nbad: int, nsample: int):
    if kind(source) == "text":
        if nsample > 10:
            return _hrua_legacy(source, ngood, nbad, nsample)
        return _one_by_one_legacy(source, ngood, nbad, nsample) if nsample > 0 else 0
    if nsample >= 10 and nsample <= ngood + nbad - 10:
        return _hrua(source, ngood, nbad, nsample)
    return _one_by_one(source, ngood, nbad, nsample)


def _one_by_one(source, good: int, bad: int, sample: int):
    total = good + bad
    # The smaller of what is taken and what is left.
    taken = total - sample if sample > total // 2 else sample
    left, left_good = total, good
    while taken > 0 and left_good > 0 and left > left_good:
        left -= 1
        if interval(source, left) < left_good:
            left_good -= 1
        taken -= 1
    if left == left_good:
        left_good -= taken
    return left_good if sample > total // 2 else good - left_good


def _one_by_one_legacy(source, good: int, bad: int, sample: int):
    rest = bad + good - sample
    fewer = float(min(bad, good))
    y = fewer
    k = sample
    while y > 0.0:
        y -= libm("floor", double(source) + y / (rest + k))
        k -= 1
        if k == 0:
            break
    z = to_int(fewer - y)
    return sample - z if good > bad else z


def _hrua(source, good: int, bad: int, sample: int):
    """Stadlober's ratio of uniforms, algorithm HRUA (1990)."""
    total = good + bad
    taken = min(sample, total - sample)
    fewer, more = min(good, bad), max(good, bad)
    p, q = fewer / total, more / total
    a = taken * p + 0.5
    c = libm("sqrt", float(total - taken) * taken * p * q / (total - 1) + 0.5)
    h = 1.7155277699214135 * c + 0.8989161620588988
    m = to_int(libm("floor", float(taken + 1) * (fewer + 1) / (total + 2)))
    g = _log_factorial(m) + _log_factorial(fewer - m) + _log_factorial(taken - m) + _log_factorial(more - taken + m)
    b = min(float(min(taken, fewer) + 1), libm("floor", a + 16.0 * c))
    while True:
        u = double(source)
        v = double(source)
        x = a + h * (v - 0.5) / u
        if x < 0.0 or x >= b:
            continue
        k = to_int(libm("floor", x))
        there = _log_factorial(k) + _log_factorial(fewer - k) + _log_factorial(taken - k)
        t = g - (there + _log_factorial(more - taken + k))
        if _ratio_accepts(u, t):
            break
    if good > bad:
        k = taken - k
    return good - k if taken < sample else k


def _hrua_legacy(source, good: int, bad: int, sample: int):
    """The same in the legacy stream's order of operations."""
    total = good + bad
    fewer, more = min(good, bad), max(good, bad)
    taken = min(sample, total - sample)
    p = fewer / total
    a = taken * p + 0.5
    c = libm("sqrt", float(total - taken) * sample * p * (1.0 - p) / (total - 1) + 0.5)
    h = 1.7155277699214135 * c + 0.8989161620588988
    m = to_int(libm("floor", float(taken + 1) * (fewer + 1) / (total + 2)))
    g = loggam(m + 1.0) + loggam(fewer - m + 1.0) + loggam(taken - m + 1.0) + loggam(more - taken + m + 1.0)
    b = min(float(min(taken, fewer) + 1), libm("floor", a + 16.0 * c))
    while True:
        u = double(source)
        v = double(source)
        x = a + h * (v - 0.5) / u
        if x < 0.0 or x >= b:
            continue
        k = to_int(libm("floor", x))
        there = loggam(k + 1.0) + loggam(fewer - k + 1.0) + loggam(taken - k + 1.0)
        t = g - (there + loggam(more - taken + k + 1.0))
        if _ratio_accepts(u, t):
            break
    if good > bad:
        k = taken - k
    return good - k if taken < sample else k


def _ratio_accepts(u: float, t: float):
    if u * (4.0 - u) - 3.0 <= t:
        return True
    return u * (u - t) < 1.0 and 2.0 * libm("log", u) <= t
