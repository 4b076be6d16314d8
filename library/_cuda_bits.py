"""Bits of integers, and small functions of numbers, as kernels use them. An int has 64 bits, NumPy's numbers those of their types."""

import numpy as np
from numir.cuda import laneid
from numir.intrinsics import fma as fused
from numir.intrinsics import to_int, width


def _unsigned(x):
    """The bits of an integer, at the bottom of an int."""
    bits = width(x)
    return to_int(x) if bits == 64 else to_int(x) & ((1 << bits) - 1)


def _ones(x):
    # What LLVM knows as one instruction.
    pairs = x - ((x >> 1) & 0x5555555555555555)
    nibbles = (pairs & 0x3333333333333333) + ((pairs >> 2) & 0x3333333333333333)
    octets = (nibbles + (nibbles >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((octets * 0x0101010101010101) >> 56) & 0x7F


def popc(x):
    return _ones(_unsigned(x))


def clz(x):
    filled = _unsigned(x)
    if filled < 0:
        return 0
    filled |= filled >> 1
    filled |= filled >> 2
    filled |= filled >> 4
    filled |= filled >> 8
    filled |= filled >> 16
    filled |= filled >> 32
    return width(x) - _ones(filled)


def ffs(x):
    bits = _unsigned(x)
    return _ones(bits ^ (bits - 1)) if bits != 0 else 0


def brev(x):
    bits = _unsigned(x)
    bits = ((bits >> 1) & 0x5555555555555555) | ((bits & 0x5555555555555555) << 1)
    bits = ((bits >> 2) & 0x3333333333333333) | ((bits & 0x3333333333333333) << 2)
    bits = ((bits >> 4) & 0x0F0F0F0F0F0F0F0F) | ((bits & 0x0F0F0F0F0F0F0F0F) << 4)
    bits = ((bits >> 8) & 0x00FF00FF00FF00FF) | ((bits & 0x00FF00FF00FF00FF) << 8)
    bits = ((bits >> 16) & 0x0000FFFF0000FFFF) | ((bits & 0x0000FFFF0000FFFF) << 16)
    bits = ((bits >> 32) & 0x00000000FFFFFFFF) | (bits << 32)
    unused = 64 - width(x)
    return bits if unused == 0 else (bits >> unused) & ((1 << width(x)) - 1)


def lanemask_lt():
    return (1 << laneid) - 1


def fma(a, b, c):
    return fused(a, b, c)


def cbrt(x):
    return np.cbrt(x)


def selp(a, b, c):
    return b if a else c


def nanosleep(ns):
    pass
