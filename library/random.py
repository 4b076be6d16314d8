"""Python's module random: the numbers of its MT19937 for the same seed, drawn in the same order."""

import math

from numir.intrinsics import classify, libm, random_bits, random_double, random_gauss, random_seed


def seed(a: int):
    random_seed("python", a)


def random():
    return random_double("python")


def uniform(a, b):
    return a + (b - a) * random_double("python")


def triangular(low=0.0, high=1.0, mode=None):
    u = random_double("python")
    if high == low:
        return low
    c = 0.5 if mode is None else (mode - low) / (high - low)
    if u > c:
        return high + (low - high) * math.sqrt((1.0 - u) * (1.0 - c))
    return low + (high - low) * math.sqrt(u * c)


def getrandbits(k: int):
    if k < 0:
        raise ValueError("number of bits must be non-negative")
    if k > 63:
        raise OverflowError("getrandbits() of more than 63 bits")
    if k == 0:
        return 0
    if k <= 32:
        return random_bits("python") >> (32 - k)
    low = random_bits("python")
    return ((random_bits("python") >> (64 - k)) << 32) | low


def _below(n: int):
    # As CPython: bits of the bound's length, again until they are below it.
    k = 0
    while n >> k > 0:
        k += 1
    r = getrandbits(k)
    while r >= n:
        r = getrandbits(k)
    return r


def randrange(start: int, stop=None, step: int = 1):
    if stop is None:
        if start <= 0:
            raise ValueError("empty range for randrange()")
        return _below(start)
    width = int(stop) - start
    if step == 0:
        raise ValueError("zero step for randrange()")
    count = (width + step - 1) // step if step > 0 else (width + step + 1) // step
    if count <= 0:
        raise ValueError("empty range for randrange()")
    return start + step * _below(count)


def randint(a: int, b: int):
    if b < a:
        raise ValueError("empty range for randint()")
    return a + _below(b - a + 1)


def choice(seq):
    if len(seq) == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return seq[_below(len(seq))]


def shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = _below(i + 1)
        x[i], x[j] = x[j], x[i]


def gauss(mu=0.0, sigma=1.0):
    return mu + random_gauss("python") * sigma


def normalvariate(mu=0.0, sigma=1.0):
    # Kinderman and Monahan's ratio of uniform deviates, as CPython draws it.
    factor = 4 * libm("exp", -0.5) / math.sqrt(2.0)
    while True:
        u1 = random_double("python")
        u2 = 1.0 - random_double("python")
        z = factor * (u1 - 0.5) / u2
        if z * z / 4.0 <= -libm("log", u2):
            return mu + z * sigma


def lognormvariate(mu=0.0, sigma=1.0):
    x = normalvariate(mu, sigma)
    # Where it is too large, math.exp raises.
    return libm("exp", x) if x < 709.0 else math.exp(x)


def expovariate(lambd=1.0):
    return -libm("log", 1.0 - random_double("python")) / lambd


def paretovariate(alpha):
    return _power(1.0 - random_double("python"), -1.0 / alpha)


def weibullvariate(alpha, beta):
    return alpha * _power(-libm("log", 1.0 - random_double("python")), 1.0 / beta)


def _power(x, y):
    """C's power; where it is infinite, Python's raises."""
    result = libm("pow", x, y)
    return x**y if classify("isinf", result) else result
