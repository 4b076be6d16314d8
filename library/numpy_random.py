"""numpy.random's legacy functions: the numbers of NumPy's MT19937 for the same seed, drawn in the same order."""

import math

import numpy as np
from numir.intrinsics import kind, libm, random_bits, random_double, random_gauss, random_seed


def seed(seed: int):
    if seed < 0 or seed > 4294967295:
        raise ValueError("Seed must be between 0 and 2**32 - 1")
    random_seed("numpy", seed)


def random_sample(size=None):
    if size is None:
        return random_double("numpy")
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = random_double("numpy")
    return out


def random(size=None):
    return random_sample(size)


def ranf(size=None):
    return random_sample(size)


def sample(size=None):
    return random_sample(size)


def rand(*dims):
    if len(dims) == 0:
        return random_double("numpy")
    return random_sample(dims)


def uniform(low=0.0, high=1.0, size=None):
    if not math.isfinite(high - low):
        raise OverflowError("Range exceeds valid bounds")
    if size is None:
        return low + (high - low) * random_double("numpy")
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = low + (high - low) * random_double("numpy")
    return out


def standard_normal(size=None):
    return normal(0.0, 1.0, size)


def randn(*dims):
    if len(dims) == 0:
        return random_gauss("numpy")
    return normal(0.0, 1.0, dims)


def normal(loc=0.0, scale=1.0, size=None):
    if scale < 0:
        raise ValueError("scale < 0")
    if size is None:
        return loc + scale * random_gauss("numpy")
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = loc + scale * random_gauss("numpy")
    return out


def lognormal(mean=0.0, sigma=1.0, size=None):
    if sigma < 0:
        raise ValueError("sigma < 0")
    if size is None:
        return libm("exp", mean + sigma * random_gauss("numpy"))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = libm("exp", mean + sigma * random_gauss("numpy"))
    return out


def standard_exponential(size=None):
    return exponential(1.0, size)


def exponential(scale=1.0, size=None):
    if scale < 0:
        raise ValueError("scale < 0")
    if size is None:
        return scale * -libm("log", 1.0 - random_double("numpy"))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = scale * -libm("log", 1.0 - random_double("numpy"))
    return out


def _masked(limit: int):
    # An int of 0 to limit, both included: as many bits as the limit has, again until they are no more than it.
    mask = limit
    for shift in (1, 2, 4, 8, 16, 32):
        mask |= mask >> shift
    while True:
        value = random_bits("numpy")
        if limit > 4294967295:
            value = (value << 32) | random_bits("numpy")
        value &= mask
        if value <= limit:
            return value


def _below(low: int, limit: int):
    return low if limit == 0 else low + _masked(limit)


def randint(low, high=None, size=None, dtype=np.int64):
    if high is None:
        first, last = 0, int(low) - 1
    else:
        first, last = int(low), int(high) - 1
    if last < first:
        raise ValueError("low >= high" if high is not None else "high <= 0")
    limit = last - first
    if limit < 0:
        raise ValueError("the range of randint() has more than 63 bits")
    if size is None:
        return _below(first, limit)
    out = np.empty(size, dtype)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = _below(first, limit)
    return out


def random_integers(low, high=None, size=None):
    if high is None:
        return randint(1, low + 1, size)
    return randint(low, high + 1, size)


def shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = _masked(i)
        if x.ndim == 1:
            x[i], x[j] = x[j], x[i]
        elif i != j:
            row = x[i].copy()
            x[i] = x[j]
            x[j] = row


def permutation(x):
    out = x.copy() if kind(x) == "array" else np.arange(x)
    shuffle(out)
    return out


def choice(a, size=None, replace=True):
    population = len(a) if kind(a) == "array" else int(a)
    if population <= 0:
        raise ValueError("a must be greater than 0" if kind(a) != "array" else "a cannot be empty")
    if size is None:
        index = randint(0, population)
        return a[index] if kind(a) == "array" else index
    if replace:
        indices = randint(0, population, size)
    else:
        indices = _without_replacement(population, size)
    if kind(a) != "array":
        return indices
    out = np.empty(indices.shape, a.dtype)
    flat = out.reshape(-1)
    chosen = indices.reshape(-1)
    for i in range(flat.size):
        flat[i] = a[chosen[i]]
    return out


def _without_replacement(population: int, size):
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    if flat.size > population:
        raise ValueError("Cannot take a larger sample than population when replace is False")
    order = permutation(population)
    for i in range(flat.size):
        flat[i] = order[i]
    return out
