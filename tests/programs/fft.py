"""The fast Fourier transform: radix 2, iterative, in place on complex128; and by recursion on views."""

import cmath
import math

import numpy as np
from numir import complex128, njit


@njit
def reverse_bits(x):
    """Exchange the items whose places have mirrored bits."""
    n = len(x)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            x[i], x[j] = x[j], x[i]


@njit
def transform(x: complex128[:], inverse: bool = False):
    """In place; the length must be a power of two."""
    n = len(x)
    if n == 0 or n & (n - 1):
        raise ValueError("the length is not a power of two")
    reverse_bits(x)
    length = 2
    while length <= n:
        angle = (2 if inverse else -2) * math.pi / length
        for start in range(0, n, length):
            for k in range(length // 2):
                twiddle = cmath.exp(complex(0.0, angle * k))
                upper = x[start + k]
                lower = x[start + k + length // 2] * twiddle
                x[start + k] = upper + lower
                x[start + k + length // 2] = upper - lower
        length *= 2
    if inverse:
        x /= n


@njit
def recursive(x):
    """A new array with the transform; even and odd items are views."""
    n = x.size
    result = np.empty(n, np.complex128)
    if n == 1:
        result[0] = x[0]
        return result
    even, odd = recursive(x[::2]), recursive(x[1::2])
    for k in range(n // 2):
        t = cmath.rect(1.0, -2.0 * cmath.pi * k / n) * odd[k]
        result[k], result[k + n // 2] = even[k] + t, even[k] - t
    return result


@njit
def spectrum(signal):
    """The power in each frequency of a real signal."""
    x = signal.astype(np.complex128)
    transform(x)
    power = np.empty(len(x) // 2 + 1)
    for k in range(power.size):
        power[k] = x[k].real ** 2 + x[k].imag ** 2
    return power
