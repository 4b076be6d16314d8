"""What Python's operators need beyond one instruction."""

import numpy as np
from _kernels_power import is_moderate
from numir.intrinsics import classify, elementary, libm, require, to_int

_NAN = 1e308 * 10.0 * 0.0


def require_power(x: float, result: float, bound: float):
    """That a power with a whole exponent has not overflowed; one of a number up to the bound has not."""
    is_fine = (not classify("isinf", result)) | classify("isinf", x)
    require((libm("fabs", x) <= bound) | is_fine, "OverflowError(...)", "(34, 'Numerical result out of range')")


def float_power(x: float, y: float):
    result = elementary("pow", x, y)
    # What is enough stands first, as a loop can test that ahead.
    is_moderate_here = is_moderate(x, y)
    is_fine = (not classify("isinf", result)) | (not classify("isfinite", x)) | (not classify("isfinite", y))
    message = "0.0 cannot be raised to a negative power"
    require(is_moderate_here | (is_fine | (x != 0.0)), "ZeroDivisionError", message)
    require(is_moderate_here | is_fine, "OverflowError(...)", "(34, 'Numerical result out of range')")
    return result


def power_modulo(base: int, exponent: int, modulus: int):
    if modulus == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    size = modulus_size(modulus)
    if size == 1:
        return 0
    if exponent < 0:
        factor = inverse_modulo(residue(base, size), size)
        # As uint64, -exponent does not overflow.
        left = np.uint64(-(exponent + 1)) + np.uint64(1)
    else:
        factor = residue(base, size)
        left = np.uint64(exponent)
    result = np.uint64(1)
    while left != 0:
        if left & np.uint64(1) != 0:
            result = multiply_modulo(result, factor, size)
        factor = multiply_modulo(factor, factor, size)
        left >>= np.uint64(1)
    # The result has the sign of the modulus.
    if modulus < 0 and result != 0:
        return -int(size - result)
    return int(result)


def modulus_size(modulus: int):
    """The magnitude of an int, up to 2**63."""
    return np.uint64(modulus) if modulus > 0 else np.uint64(-(modulus + 1)) + np.uint64(1)


def residue(n: int, size):
    if n >= 0:
        return np.uint64(n) % size
    rest = (np.uint64(-(n + 1)) + np.uint64(1)) % size
    return size - rest if rest != 0 else rest


def multiply_modulo(a, b, size):
    """a * b modulo a size up to 2**63, of residues, all uint64."""
    if size <= 4294967296:
        return a * b % size
    # Bit by bit: a sum of two residues stays below 2**64.
    result = np.uint64(0)
    while b != 0:
        if b & np.uint64(1) != 0:
            result = (result + a) % size
        a = (a + a) % size
        b >>= np.uint64(1)
    return result


def inverse_modulo(a, size):
    """The inverse of a residue, by Euclid; the coefficients are kept as residues."""
    old, new = a, size
    x, y = np.uint64(1), np.uint64(0)
    while new != 0:
        quotient = old // new
        old, new = new, old % new
        x, y = y, (x + size - multiply_modulo(quotient % size, y, size)) % size
    if old != 1:
        raise ValueError("base is not invertible for the given modulus")
    return x


def complex_power(x: complex, y: complex):
    if x == 0j and (y.real < 0.0 or y.imag != 0.0):
        raise ZeroDivisionError("0.0 to a negative or complex power")
    if is_small_integer(y):
        result = complex_integer_power(x, abs(int(y.real)))
        if y.real < 0.0:
            if result == 0j:
                raise ZeroDivisionError("0.0 to a negative or complex power")
            result = 1.0 / result
    else:
        result = complex_polar_power(x, y)
    if classify("isinf", result.real) or classify("isinf", result.imag):
        raise OverflowError("complex exponentiation")
    return result


def complex_power_unchecked(x: complex, y: complex):
    """As NumPy has it: nothing raises."""
    if x == 0j and y != 0j:
        return np.complex128(0j if y.real > 0.0 else complex(_NAN, _NAN))
    if is_small_integer(y):
        result = np.complex128(complex_integer_power(x, abs(to_int(y.real))))
        return result if y.real >= 0.0 else 1.0 / result
    return np.complex128(complex_polar_power(x, y))


def is_small_integer(y: complex):
    return y.imag == 0.0 and y.real == libm("floor", y.real) and libm("fabs", y.real) <= 100.0


def complex_integer_power(x: complex, count: int):
    result = 1.0 + 0j
    mask = 1
    while mask <= count:
        if count & mask:
            result = result * x
        mask <<= 1
        x = x * x
    return result


def complex_polar_power(x: complex, y: complex):
    if x == 0j:
        return 0j
    magnitude = libm("hypot", x.real, x.imag)
    length = libm("pow", magnitude, y.real)
    angle = libm("atan2", x.imag, x.real)
    phase = angle * y.real
    if y.imag != 0.0:
        # A quotient of NumPy's numbers, which may be infinite.
        length = float(np.float64(length) / libm("exp", angle * y.imag))
        phase = phase + y.imag * libm("log", magnitude)
    return complex(length * libm("cos", phase), length * libm("sin", phase))


def smallest(sequence):
    if len(sequence) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = sequence[0]
    for element in sequence:
        if element < best:
            best = element
    return best


def smallest_or(sequence, default):
    return smallest(sequence) if len(sequence) > 0 else default


def largest(sequence):
    if len(sequence) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = sequence[0]
    for element in sequence:
        if element > best:
            best = element
    return best


def largest_or(sequence, default):
    return largest(sequence) if len(sequence) > 0 else default
