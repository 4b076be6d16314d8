"""Numbers: powers modulo something, primality, perfect numbers, digits, totients, continued fractions."""

import math

import numpy as np
from numir import njit

WITNESSES = (2, 3, 5, 7)


@njit
def is_prime(n: int):
    """Miller and Rabin with witnesses that are enough below 3215031751."""
    if n < 2:
        return False
    for p in WITNESSES:
        if n % p == 0:
            return n == p
    d, s = n - 1, 0
    while d % 2 == 0:
        d //= 2
        s += 1
    for a in WITNESSES:
        x = pow(a, d, n)
        if x == 1 or x == n - 1:
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


@njit
def totients(limit: int):
    """Euler's function of all numbers below `limit`."""
    phi = np.arange(limit)
    for n in range(2, limit):
        if phi[n] == n:
            for multiple in range(n, limit, n):
                phi[multiple] -= phi[multiple] // n
    return phi


@njit
def digit_sum(n: int, base: int = 10):
    """The sum of the digits; the sign does not count."""
    n = abs(n)
    total = 0
    while n:
        n, digit = divmod(n, base)
        total += digit
    return total


@njit
def continued_fraction(x: float, terms: int):
    """The first terms, and the fraction that they make."""
    parts = np.zeros(terms, np.int64)
    count = 0
    for k in range(terms):
        parts[k] = math.floor(x)
        count = k + 1
        if abs(x - parts[k]) < 1e-9:
            break
        x = 1 / (x - parts[k])
    numerator, denominator = 1, 0
    for part in parts[:count][::-1]:
        numerator, denominator = part * numerator + denominator, numerator
    return parts[:count], int(numerator), int(denominator)


@njit
def is_perfect(n: int):
    """Whether the proper divisors add up to the number."""
    total = 1
    for d in range(2, math.isqrt(n) + 1):
        if n % d == 0:
            total += d if d * d == n else d + n // d
    return n > 1 and total == n


@njit
def fibonacci(n: int):
    """By doubling; negative places too."""
    if n < 0:
        return fibonacci(-n) * (1 if n % 2 else -1)
    a, b = 0, 1
    for bit in range(6, -1, -1):
        a, b = a * (2 * b - a), a * a + b * b
        if n >> bit & 1:
            a, b = b, a + b
    return a
