"""Binomial numbers, drawn as NumPy draws them: one by one where few are expected, else by Kachitvichyanukul and Schmeiser's BTPE."""

from _random_source import double
from numir.intrinsics import constant, kind, libm, to_int


def binomial(source, n: int, p: float):
    return _binomial(source, n, p, kind(source) == "text")


def part(source, n: int, p: float):
    """The same in multinomial(), where the legacy stream has Generator's algorithm too."""
    return _binomial(source, n, p, False)


def _binomial(source, n: int, p: float, old: constant):
    if not old and (n == 0 or p == 0.0):
        return 0
    if p <= 0.5:
        return _binomial_up(source, n, p, old)
    return n - _binomial_up(source, n, 1.0 - p, old)


def _binomial_up(source, n: int, p: float, old: constant):
    """For p up to one half."""
    return _binomial_inversion(source, n, p, old) if p * n <= 30.0 else _binomial_btpe(source, n, p)


def _binomial_inversion(source, n: int, p: float, old: constant):
    q = 1.0 - p
    first = libm("exp", n * libm("log", q)) if old else libm("exp", n * libm("log1p", -p))
    mean = n * p
    bound = to_int(min(float(n), mean + 10.0 * libm("sqrt", mean * q + 1.0)))
    count = 0
    chance = first
    u = double(source)
    while u > chance:
        count += 1
        if count > bound:
            count = 0
            chance = first
            u = double(source)
        else:
            u -= chance
            chance = ((n - count + 1) * p * chance) / (count * q)
    return count


def _binomial_btpe(source, n: int, p: float):
    """Kachitvichyanukul and Schmeiser's algorithm BTPE (Binomial random variate generation, 1988), in their names."""
    r = min(p, 1.0 - p)
    q = 1.0 - r
    fm = n * r + r
    m = to_int(libm("floor", fm))
    p1 = libm("floor", 2.195 * libm("sqrt", n * r * q) - 4.6 * q) + 0.5
    xm = m + 0.5
    xl = xm - p1
    xr = xm + p1
    c = 0.134 + 20.5 / (15.3 + m)
    a = (fm - xl) / (fm - xl * r)
    laml = a * (1.0 + a / 2.0)
    a = (xr - fm) / (xr * q)
    lamr = a * (1.0 + a / 2.0)
    p2 = p1 * (1.0 + 2.0 * c)
    p3 = p2 + c / laml
    p4 = p3 + c / lamr
    nrq = n * r * q
    while True:
        u = double(source) * p4
        v = double(source)
        if u <= p1:
            # Under the triangle.
            return to_int(libm("floor", xm - p1 * v + u))
        if u <= p2:
            # In a parallelogram.
            x = xl + (u - p1) / c
            v = v * c + 1.0 - libm("fabs", m - x + 0.5) / p1
            if v > 1.0:
                continue
            y = to_int(libm("floor", x))
        elif u <= p3:
            # In the left tail.
            y = to_int(libm("floor", xl + libm("log", v) / laml))
            if y < 0 or v == 0.0:
                continue
            v = v * (u - p2) * laml
        else:
            # In the right tail.
            y = to_int(libm("floor", xr - libm("log", v) / lamr))
            if y > n or v == 0.0:
                continue
            v = v * (u - p3) * lamr
        if _btpe_accepts(n, r, q, m, xm, nrq, y, v):
            return y


def _btpe_accepts(n: int, r: float, q: float, m: int, xm: float, nrq: float, y: int, v: float):
    """Whether v lies below the density at y, relative to that at m."""
    k = abs(y - m)
    if k <= 20 or k >= nrq / 2.0 - 1.0:
        # By the quotients of neighbours.
        s = r / q
        a = s * (n + 1)
        density = 1.0
        for i in range(m + 1, y + 1):
            density *= a / i - s
        for i in range(y + 1, m + 1):
            density /= a / i - s
        return v <= density
    rho = (k / nrq) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5)
    t = -k * k / (2.0 * nrq)
    logarithm = libm("log", v)
    if logarithm < t - rho:
        return True
    if logarithm > t + rho:
        return False
    x1 = float(y + 1)
    f1 = float(m + 1)
    z = float(n + 1 - m)
    w = float(n - y + 1)
    bound = xm * libm("log", f1 / x1) + (n - m + 0.5) * libm("log", z / w)
    bound += (y - m) * libm("log", w * r / (x1 * q))
    return logarithm <= bound + _tail(f1) + _tail(z) + _tail(x1) + _tail(w)


def _tail(x: float):
    """The end of Stirling's series, with the slip of the pen in its first number that NumPy's streams keep."""
    square = x * x
    return (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square) / x / 166320.0
