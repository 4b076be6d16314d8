"""Polynomials: Horner on arguments and arrays, derivatives, products, Legendre, Clenshaw."""

import numpy as np
from numir import njit


@njit
def horner(x, *coefficients):
    """The value at x; the constant comes first."""
    result = 0.0
    for c in reversed(coefficients):
        result = result * x + c
    return result


@njit
def evaluate(coefficients, x, *, derivative: int = 0):
    """The value of a derivative at x, coefficients in an array."""
    total = 0.0
    for power in range(len(coefficients) - 1, derivative - 1, -1):
        factor = 1
        for k in range(derivative):
            factor *= power - k
        total = total * x + factor * coefficients[power]
    return total


@njit
def multiply(a, b):
    """The coefficients of the product."""
    if a.size == 0 or b.size == 0:
        return np.zeros(0, a.dtype)
    product = np.zeros(a.size + b.size - 1, a.dtype)
    for i in range(a.size):
        product[i : i + b.size] += a[i] * b
    return product


@njit
def legendre(degree: int, x: float):
    """The Legendre polynomial by its recurrence."""
    before, here = 1.0, x
    if degree == 0:
        return before
    for n in range(1, degree):
        before, here = here, ((2 * n + 1) * x * here - n * before) / (n + 1)
    return here


@njit
def clenshaw(coefficients, x):
    """A Chebyshev series."""
    first = second = 0.0
    for c in coefficients[:0:-1]:
        first, second = 2 * x * first - second + c, first
    return x * first - second + coefficients[0]


@njit
def table(x: float):
    """Several polynomials at one place."""
    return horner(x, 1.0, 2.0, 3.0), horner(x), legendre(5, x), horner(x, *(1, 0, -1))
