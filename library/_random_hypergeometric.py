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
            return _hrua(source, ngood, nbad, nsample)
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
    p = fewer / total
    # The two streams differ in the order of operations.
    q, factor = (1.0 - p, sample) if kind(source) == "text" else (more / total, taken)
    a = taken * p + 0.5
    c = libm("sqrt", float(total - taken) * factor * p * q / (total - 1) + 0.5)
    h = 1.7155277699214135 * c + 0.8989161620588988
    m = to_int(libm("floor", float(taken + 1) * (fewer + 1) / (total + 2)))
    g = _terms(source, m, fewer, taken, more)
    b = min(float(min(taken, fewer) + 1), libm("floor", a + 16.0 * c))
    while True:
        u = double(source)
        v = double(source)
        x = a + h * (v - 0.5) / u
        if x < 0.0 or x >= b:
            continue
        k = to_int(libm("floor", x))
        if _ratio_accepts(u, g - _terms(source, k, fewer, taken, more)):
            break
    if good > bad:
        k = taken - k
    return good - k if taken < sample else k


def _terms(source, k: int, fewer: int, taken: int, more: int):
    """The logarithm of what the chance of k is the inverse of, but for a factor."""
    first = _log_of(source, k) + _log_of(source, fewer - k) + _log_of(source, taken - k)
    return first + _log_of(source, more - taken + k)


def _log_of(source, k: int):
    return loggam(k + 1.0) if kind(source) == "text" else _log_factorial(k)


def _ratio_accepts(u: float, t: float):
    if u * (4.0 - u) - 3.0 <= t:
        return True
    return u * (u - t) < 1.0 and 2.0 * libm("log", u) <= t
