"""What Python's operators need beyond one instruction."""

from numir.intrinsics import classify, libm, power


def float_power(x: float, y: float):
    if x == 0.0 and y < 0.0:
        raise ZeroDivisionError("0.0 cannot be raised to a negative power")
    result = power(x, y)
    if classify("isinf", result) and classify("isfinite", x) and classify("isfinite", y):
        raise OverflowError(34, "Numerical result out of range")
    return result


def power_modulo(base: int, exponent: int, modulus: int):
    if modulus == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    if exponent < 0:
        base = inverse_modulo(base, modulus)
        exponent = -exponent
    result = 1 % modulus
    base = base % modulus
    while exponent > 0:
        if exponent & 1:
            result = multiply_modulo(result, base, modulus)
        base = multiply_modulo(base, base, modulus)
        exponent >>= 1
    return result


def multiply_modulo(a: int, b: int, modulus: int):
    if -2147483648 <= a < 2147483648 and -2147483648 <= b < 2147483648:
        return a * b % modulus
    result = 0
    while b != 0:
        if b & 1:
            result = (result + a) % modulus
        a = (a + a) % modulus
        b >>= 1
    return result


def inverse_modulo(a: int, modulus: int):
    old, new = a % modulus, modulus
    x, y = 1, 0
    while new != 0:
        quotient = old // new
        old, new = new, old - quotient * new
        x, y = y, x - quotient * y
    if old != 1 and old != -1:
        raise ValueError("base is not invertible for the given modulus")
    return x * old % modulus


def complex_power(x: complex, y: complex):
    if x == 0j and (y.real < 0.0 or y.imag != 0.0):
        raise ZeroDivisionError("0.0 to a negative or complex power")
    result = complex_power_unchecked(x, y)
    if classify("isinf", result.real) or classify("isinf", result.imag):
        raise OverflowError("complex exponentiation")
    return result


def complex_power_unchecked(x: complex, y: complex):
    if y == 0j:
        return 1.0 + 0j
    if x == 0j:
        return 0j
    if y.imag == 0.0 and y.real == libm("floor", y.real) and -100.0 <= y.real <= 100.0:
        return complex_integer_power(x, int(y.real))
    magnitude = abs(x)
    length = power(magnitude, y.real)
    angle = libm("atan2", x.imag, x.real)
    phase = angle * y.real
    if y.imag != 0.0:
        length = length * libm("exp", -angle * y.imag)
        phase = phase + y.imag * libm("log", magnitude)
    return complex(length * libm("cos", phase), length * libm("sin", phase))


def complex_integer_power(x: complex, n: int):
    count = n if n > 0 else -n
    result = 1.0 + 0j
    mask = 1
    base = x
    while mask <= count:
        if count & mask:
            result = result * base
        mask <<= 1
        base = base * base
    return result if n > 0 else 1.0 / result


def smallest(sequence):
    if len(sequence) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = sequence[0]
    for element in sequence:
        if element < best:
            best = element
    return best


def largest(sequence):
    if len(sequence) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = sequence[0]
    for element in sequence:
        if element > best:
            best = element
    return best
