"""NumPy's windows for signals, and the Bessel function that one of them is made of."""

import math

import numpy as np
from numir.intrinsics import classify, kind


def bartlett(M):
    n = _places(M)
    for i in range(len(n)):
        n[i] = 1.0 if M == 1 else (1 + n[i] / (M - 1) if n[i] <= 0 else 1 - n[i] / (M - 1))
    return n


def hanning(M):
    n = _places(M)
    for i in range(len(n)):
        n[i] = 1.0 if M == 1 else 0.5 + 0.5 * np.cos(np.pi * n[i] / (M - 1))
    return n


def hamming(M):
    n = _places(M)
    for i in range(len(n)):
        n[i] = 1.0 if M == 1 else 0.54 + 0.46 * np.cos(np.pi * n[i] / (M - 1))
    return n


def blackman(M):
    n = _places(M)
    for i in range(len(n)):
        turn = np.pi * n[i] / (M - 1) if M != 1 else 0.0
        n[i] = 1.0 if M == 1 else 0.42 + 0.5 * np.cos(turn) + 0.08 * np.cos(2.0 * turn)
    return n


def kaiser(M, beta):
    result = np.ones(max(math.ceil(M), 0), np.float64)
    if M == 1:
        return result
    centre = (M - 1) / 2.0
    whole = _bessel(float(beta))
    for i in range(len(result)):
        offset = (i - centre) / centre
        result[i] = _bessel(beta * np.sqrt(1 - offset * offset)) / whole
    return result


def _places(M):
    """1 - M, 3 - M, … up to M - 1."""
    result = np.empty(max(math.ceil(M), 0), np.float64)
    for i in range(len(result)):
        result[i] = 1.0 - M + 2.0 * i
    return result


def i0(x):
    array = np.asarray(x)
    if kind(array.dtype(0)) == "complex":
        raise TypeError("i0 not supported for complex values")
    wanted = array.dtype if kind(array.dtype(0)) == "float" else np.float64
    result = np.empty(array.shape, wanted)
    flat, items = result.reshape(-1), array.reshape(-1)
    for i in range(len(items)):
        flat[i] = _bessel(float(items[i]))
    return result


def _bessel(x: float):
    """The modified Bessel function of order 0: its series, whose terms are all positive, or far out the expansion there."""
    y = abs(x)
    if classify("isnan", y):
        return y
    total, term = 1.0, 1.0
    k = 0
    if y <= 30.0:
        square = y * y / 4.0
        while term > total * 1e-18:
            k += 1
            term *= square / (float(k) * float(k))
            total += term
        return total
    while term > total * 1e-18:
        k += 1
        odd = 2.0 * k - 1.0
        term *= odd * odd / (8.0 * k * y)
        total += term
    # In two factors: the exponential alone would overflow sooner.
    half = np.exp(y / 2.0)
    return half * (total / np.sqrt(2.0 * np.pi * y)) * half
