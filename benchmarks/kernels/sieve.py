"""The sieve of Eratosthenes by loops: strides in memory that no two rounds share."""

from numir import njit


@njit
def run(prime):
    """Mark the primes; how many there are."""
    limit = len(prime)
    for n in range(limit):
        prime[n] = n >= 2
    n = 2
    while n * n < limit:
        if prime[n]:
            for multiple in range(n * n, limit, n):
                prime[multiple] = False
        n += 1
    count = 0
    for n in range(limit):
        if prime[n]:
            count += 1
    return count
