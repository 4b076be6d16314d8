"""Python's module random: the numbers of its MT19937 for the same seed, drawn in the same order."""

import math

import numpy as np
from _random_choices import enter, set_of
from numir.intrinsics import classify, kind, libm, random_bits, random_double, random_gauss, random_seed

_LOG4 = 1.3862943611198906
_SG_MAGICCONST = 2.504077396776274
_NV_MAGICCONST = 1.7155277699214135


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
    first = int(stop)
    width = first - start
    if step == 1:
        if width <= 0:
            raise ValueError(f"empty range for randrange() ({start}, {first}, {width})")
        return start + _below(width)
    if step == 0:
        raise ValueError("zero step for randrange()")
    count = (width + step - 1) // step if step > 0 else (width + step + 1) // step
    if count <= 0:
        raise ValueError("empty range for randrange()")
    return start + step * _below(count)


def randint(a: int, b: int):
    return randrange(a, b + 1)


def choice(seq):
    if len(seq) == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return seq[_below(len(seq))]


def choices(population, weights=None, *, cum_weights=None, k: int = 1):
    n = len(population)
    if weights is not None and cum_weights is not None:
        raise TypeError("Cannot specify both weights and cumulative weights")
    out = _room(population, k)
    if weights is None and cum_weights is None:
        for i in range(k):
            out[i] = population[int(random_double("python") * n)]
        return out
    sums = _sums(weights) if cum_weights is None else cum_weights
    if len(sums) != n:
        raise ValueError("The number of weights does not match the population")
    total = float(sums[n - 1])
    if total <= 0.0:
        raise ValueError("Total of weights must be greater than zero")
    if not math.isfinite(total):
        raise ValueError("Total of weights must be finite")
    for i in range(k):
        point = random_double("python") * total
        low, high = 0, n - 1
        while low < high:
            middle = (low + high) // 2
            if point < sums[middle]:
                high = middle
            else:
                low = middle + 1
        out[i] = population[low]
    return out


def sample(population, k: int):
    n = len(population)
    if k < 0 or k > n:
        raise ValueError("Sample larger than population or is negative")
    out = _room(population, k)
    # As CPython: a line that loses what is taken, or, where few are taken of many, places that must be new.
    most = 21
    if k > 5:
        power = 1
        while power < 3 * k:
            power *= 4
        most += power
    if n <= most:
        pool = _room(population, n)
        for i in range(n):
            pool[i] = population[i]
        for i in range(k):
            j = _below(n - i)
            out[i] = pool[j]
            pool[j] = pool[n - i - 1]
        return out
    taken = set_of(k)
    for i in range(k):
        j = _below(n)
        while not enter(taken, j):
            j = _below(n)
        out[i] = population[j]
    return out


def _room(population, count: int):
    """An array for so many of the items."""
    if kind(population) == "array":
        return np.empty((count,) + population.shape[1:], population.dtype.type)
    if kind(population) == "range":
        return np.empty(count, np.int64)
    return np.empty(count, np.asarray(population).dtype.type)


def _sums(weights):
    return np.cumsum(np.asarray(weights))


def shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = _below(i + 1)
        x[i], x[j] = x[j], x[i]


def gauss(mu=0.0, sigma=1.0):
    return mu + random_gauss("python") * sigma


def normalvariate(mu=0.0, sigma=1.0):
    # Kinderman and Monahan's ratio of uniform deviates, as CPython draws it.
    while True:
        u1 = random_double("python")
        u2 = 1.0 - random_double("python")
        z = _NV_MAGICCONST * (u1 - 0.5) / u2
        if z * z / 4.0 <= -libm("log", u2):
            return mu + z * sigma


def lognormvariate(mu=0.0, sigma=1.0):
    return _exp(normalvariate(mu, sigma))


def expovariate(lambd=1.0):
    return -libm("log", 1.0 - random_double("python")) / lambd


def vonmisesvariate(mu: float, kappa: float):
    # Best and Fisher's, in Fisher's form.
    if kappa <= 1e-6:
        return 2.0 * math.pi * random_double("python")
    s = 0.5 / kappa
    r = s + math.sqrt(1.0 + s * s)
    while True:
        z = libm("cos", math.pi * random_double("python"))
        d = z / (r + z)
        u2 = random_double("python")
        if u2 < 1.0 - d * d or u2 <= (1.0 - d) * _exp(d):
            break
    q = 1.0 / r
    f = (q + z) / (1.0 + q * z)
    if random_double("python") > 0.5:
        return (mu + libm("acos", f)) % (2.0 * math.pi)
    return (mu - libm("acos", f)) % (2.0 * math.pi)


def gammavariate(alpha: float, beta: float):
    if alpha <= 0.0 or beta <= 0.0:
        raise ValueError("gammavariate: alpha and beta must be > 0.0")
    if alpha > 1.0:
        # Cheng (The generation of gamma variables with non-integral shape parameters, 1977).
        root = math.sqrt(2.0 * alpha - 1.0)
        b = alpha - _LOG4
        c = alpha + root
        while True:
            u1 = random_double("python")
            if not 1e-7 < u1 < 0.9999999:
                continue
            u2 = 1.0 - random_double("python")
            v = libm("log", u1 / (1.0 - u1)) / root
            x = alpha * _exp(v)
            z = u1 * u1 * u2
            r = b + c * v - x
            if r + _SG_MAGICCONST - 4.5 * z >= 0.0 or r >= libm("log", z):
                return x * beta
    if alpha == 1.0:
        return -libm("log", 1.0 - random_double("python")) * beta
    # Ahrens and Dieter's GS (1974).
    while True:
        u = random_double("python")
        b = (math.e + alpha) / math.e
        p = b * u
        if p <= 1.0:
            x = _power(p, 1.0 / alpha)
        else:
            x = -libm("log", (b - p) / alpha)
        u1 = random_double("python")
        if p > 1.0:
            if u1 <= _power(x, alpha - 1.0):
                return x * beta
        elif u1 <= _exp(-x):
            return x * beta


def betavariate(alpha, beta):
    y = gammavariate(alpha, 1.0)
    if y == 0.0:
        return 0.0
    return y / (y + gammavariate(beta, 1.0))


def paretovariate(alpha):
    return _power(1.0 - random_double("python"), -1.0 / alpha)


def weibullvariate(alpha, beta):
    return alpha * _power(-libm("log", 1.0 - random_double("python")), 1.0 / beta)


# The C library's functions, as CPython calls them: a number must not differ in its last bit. What is infinite, Python's raise.


def _exp(x):
    return libm("exp", x) if x < 709.0 else math.exp(x)


def _power(x, y):
    result = libm("pow", x, y)
    return x**y if classify("isinf", result) else result


def binomialvariate(n: int = 1, p: float = 0.5):
    if n < 0:
        raise ValueError("n must be non-negative")
    if p <= 0.0 or p >= 1.0:
        if p == 0.0:
            return 0
        if p == 1.0:
            return n
        raise ValueError("p must be in the range 0.0 <= p <= 1.0")
    if n == 1:
        return 1 if random_double("python") < p else 0
    if p > 0.5:
        return n - _rarer(n, 1.0 - p)
    return _rarer(n, p)


def _rarer(n: int, p: float):
    """How many of n succeed, with a chance of at most a half each."""
    return _by_gaps(n, p) if n * p < 10.0 else _by_rejection(n, p)


def _by_gaps(n: int, p: float):
    # The failures between successes are geometric (Devroye's second waiting time method).
    found = 0
    scale = math.log2(1.0 - p)
    if scale == 0.0:
        return found
    place = math.floor(math.log2(random_double("python")) / scale) + 1
    while place <= n:
        found += 1
        place += math.floor(math.log2(random_double("python")) / scale) + 1
    return found


def _by_rejection(n: int, p: float):
    # Hörmann's BTRS: transformed rejection with a squeeze.
    deviation = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    squeeze = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * deviation
    odds = math.log(p / (1.0 - p))
    mode = math.floor((n + 1) * p)
    h = math.lgamma(mode + 1) + math.lgamma(n - mode + 1)
    while True:
        u = random_double("python") - 0.5
        us = 0.5 - math.fabs(u)
        k = math.floor((2.0 * a / us + b) * u + c)
        if k < 0 or k > n:
            continue
        v = random_double("python")
        if us >= 0.07 and v <= squeeze:
            return k
        v *= alpha / (a / (us * us) + b)
        if math.log(v) <= h - math.lgamma(k + 1) - math.lgamma(n - k + 1) + (k - mode) * odds:
            return k
