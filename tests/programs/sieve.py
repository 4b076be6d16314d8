"""Primes: a sieve that strikes out slices, their count, and the factors of a number."""

import numpy as np
from numir import int64, njit


@njit
def sieve(limit: int64):
    """Which numbers below `limit` are prime."""
    prime = np.ones(limit, np.bool_)
    prime[:2] = False
    n = 2
    while n * n < limit:
        if prime[n]:
            prime[n * n :: n] = False
        n += 1
    return prime


@njit
def primes(limit: int):
    """The primes below `limit`, in order."""
    prime = sieve(limit)
    found = np.empty(prime.sum(), np.int64)
    count = 0
    for n, is_prime in enumerate(prime):
        if not is_prime:
            continue
        found[count] = n
        count += 1
    return found


@njit
def twin_primes(limit: int):
    """How many pairs of primes differ by two."""
    prime = sieve(limit)
    both = prime[2:] & prime[:-2]
    return both.sum()


@njit
def factors(n: int):
    """The smallest prime factor, how often it divides n, and what is left."""
    if n < 2:
        raise ValueError("n has no prime factors")
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            break
        divisor += 1 if divisor == 2 else 2
    else:
        return n, 1, 1
    times = 0
    while n % divisor == 0:
        n //= divisor
        times += 1
    return divisor, times, n
