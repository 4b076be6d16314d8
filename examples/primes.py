"""A first program: how many primes there are below a number.

numir run examples/primes.py count_primes 1000000
"""

import numpy as np
from numir import njit


@njit
def count_primes(limit: int):
    """The sieve of Eratosthenes."""
    is_prime = np.ones(limit, np.bool_)
    is_prime[:2] = False
    n = 2
    while n * n < limit:
        if is_prime[n]:
            is_prime[n * n :: n] = False
        n += 1
    return is_prime.sum()
