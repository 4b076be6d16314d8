"""Functions that call themselves and each other: parity, greatest common divisors, Ackermann, Hofstadter, hulls."""

from numir import int64, njit


@njit
def is_even(n: int):
    """By way of is_odd."""
    return True if n == 0 else is_odd(n - 1)


@njit
def is_odd(n: int):
    """By way of is_even."""
    return False if n == 0 else is_even(n - 1)


@njit
def gcd(a, b):
    """The greatest common divisor after Euclid."""
    return a if b == 0 else gcd(b, a % b)


@njit
def bezout(a: int64, b: int64):
    """g, x, y with g = a·x + b·y."""
    if b == 0:
        return a, 1, 0
    g, x, y = bezout(b, a % b)
    return g, y, x - a // b * y


@njit
def inverse(a, modulus):
    """The inverse of a modulo something."""
    g, x, _ = bezout(a, modulus)
    if g != 1:
        raise ValueError("a has no inverse")
    return x % modulus


@njit
def ackermann(m: int, n: int):
    """Grows faster than any loop nest."""
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


@njit
def female(n: int):
    """Hofstadter's female sequence."""
    return 1 if n == 0 else n - male(female(n - 1))


@njit
def male(n: int):
    """Hofstadter's male sequence."""
    return 0 if n == 0 else n - female(male(n - 1))


@njit
def hanoi(disks: int, source: int = 0, target: int = 2, spare: int = 1):
    """How many moves it takes, and a checksum of the moves."""
    if disks == 0:
        return 0, 0
    first, one = hanoi(disks - 1, source, spare, target)
    second, two = hanoi(disks - 1, spare, target, source)
    return first + 1 + second, (31 * one + 3 * source + target + 7 * two) % 1_000_003


@njit
def binomial(n: int, k: int):
    """Pascal's triangle from its edge."""
    if k < 0 or k > n:
        return 0
    return 1 if k == 0 else n * binomial(n - 1, k - 1) // k


@njit
def bottomless(n: int):
    """Ends only for negative numbers, which it never meets."""
    if n < 0:
        return n
    return bottomless(n + 1) + 1
