"""The integer functions of `math`, on ints of 64 bits: a result beyond them raises OverflowError."""

from numir.intrinsics import libm

_LARGEST = 9223372036854775807
_LARGEST_ROOT = 3037000499


def factorial(n: int, /):
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    if n > 20:
        raise OverflowError("factorial() result does not fit into 64 bits")
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result


def perm(n: int, k=None, /):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k is None:
        return factorial(n)
    return _perm(n, k)


def _perm(n: int, k: int):
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    result = 1
    for factor in range(n, n - k, -1):
        if result > _LARGEST // factor:
            raise OverflowError("perm() result does not fit into 64 bits")
        result *= factor
    return result


def comb(n: int, k: int, /):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    k = min(k, n - k)
    # comb(n, i) grows with i up to here, and each is an integer: what divides is taken out before it is multiplied.
    result = 1
    for i in range(1, k + 1):
        common = _divisor(result, i)
        factor = (n - k + i) // (i // common)
        result //= common
        if result > _LARGEST // factor:
            raise OverflowError("comb() result does not fit into 64 bits")
        result *= factor
    return result


def gcd(*integers):
    result = 0
    for integer in integers:
        result = _divisor(result, integer)
    return _magnitude(result)


def lcm(*integers):
    result = 1
    for integer in integers:
        result = _multiple(result, integer)
    return result


def _divisor(a: int, b: int):
    """A greatest common divisor, of either sign."""
    while b != 0:
        a, b = b, a % b
    return a


def _multiple(a: int, b: int):
    if a == 0 or b == 0:
        return 0
    a = a // _magnitude(_divisor(a, b))
    b = _magnitude(b)
    if a > _LARGEST // b:
        raise OverflowError("lcm() result does not fit into 64 bits")
    return a * b


def _magnitude(n: int):
    if n < -_LARGEST:
        raise OverflowError("the magnitude of an int does not fit into 64 bits")
    return n if n >= 0 else -n


def isqrt(n: int, /):
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    # The float is near enough to be off by one at most.
    root = min(int(libm("sqrt", float(n))), _LARGEST_ROOT)
    if root * root > n:
        root -= 1
    elif n - root * root > 2 * root:
        root += 1
    return root
