"""Integers of libdevice, and the bits of numbers. Unsigned ones come and go as the signed ones of their bits, as in numba-cuda."""

import numpy as np
from _cuda_bits import brev as reversed_bits
from _cuda_bits import clz as leading
from _cuda_bits import ffs as first
from _cuda_bits import popc as ones
from numir.intrinsics import libm, like, reinterpret, to_int

_WORD = 0xFFFFFFFF


def word(x):
    """The lower bits of an integer as an int32."""
    return like(np.int32(0), x)


def long(x):
    """The bits of an integer as an int64."""
    return like(np.int64(0), x)


def _unsigned(x):
    return to_int(x) & _WORD


def absolute(x):
    return -x if x < 0 else x


def brev(x):
    return word(reversed_bits(x))


def brevll(x):
    return long(reversed_bits(x))


def clz(x):
    return word(leading(x))


def ffs(x):
    return word(first(x))


def popc(x):
    return word(ones(x))


def byte_perm(x, y, selector):
    both = _unsigned(x) | (to_int(y) << 32)
    result = 0
    for place in range(4):
        chosen = (to_int(selector) >> (4 * place)) & 7
        result |= ((both >> (8 * chosen)) & 0xFF) << (8 * place)
    return word(result)


def hadd(x, y):
    return word((to_int(x) + to_int(y)) >> 1)


def rhadd(x, y):
    return word((to_int(x) + to_int(y) + 1) >> 1)


def uhadd(x, y):
    return word((_unsigned(x) + _unsigned(y)) >> 1)


def urhadd(x, y):
    return word((_unsigned(x) + _unsigned(y) + 1) >> 1)


def greater(x, y):
    return x if x > y else y


def lesser(x, y):
    return x if x < y else y


def unsigned_greater(x, y):
    # With the upper bit turned over, signed numbers are in the order of unsigned ones.
    return x if (x ^ like(x, _upper(x))) > (y ^ like(x, _upper(x))) else y


def unsigned_lesser(x, y):
    return x if (x ^ like(x, _upper(x))) < (y ^ like(x, _upper(x))) else y


def _upper(x):
    return -2147483648 if isinstance(x, np.int32) else -9223372036854775807 - 1


def _signed24(x):
    """The lower 24 bits, of which the highest is the sign."""
    return ((to_int(x) & 0xFFFFFF) ^ 0x800000) - 0x800000


def mul24(x, y):
    return word(_signed24(x) * _signed24(y))


def umul24(x, y):
    return word((to_int(x) & 0xFFFFFF) * (to_int(y) & 0xFFFFFF))


def mulhi(x, y):
    return word((to_int(x) * to_int(y)) >> 32)


def umulhi(x, y):
    return word((_unsigned(x) * _unsigned(y)) >> 32)


def umul64hi(x, y):
    a, b = reinterpret(x, np.uint64), reinterpret(y, np.uint64)
    half, mask = np.uint64(32), np.uint64(_WORD)
    low = (a & mask) * (b & mask)
    first_cross = (a >> half) * (b & mask) + (low >> half)
    second_cross = (a & mask) * (b >> half) + (first_cross & mask)
    return long((a >> half) * (b >> half) + (first_cross >> half) + (second_cross >> half))


def mul64hi(x, y):
    return umul64hi(x, y) - (y if x < 0 else np.int64(0)) - (x if y < 0 else np.int64(0))


def sad(x, y, z):
    difference = to_int(x) - to_int(y)
    return word((-difference if difference < 0 else difference) + to_int(z))


def usad(x, y, z):
    difference = _unsigned(x) - _unsigned(y)
    return word((-difference if difference < 0 else difference) + to_int(z))


# Bits.


def hiloint2double(high, low):
    return reinterpret(long((to_int(high) << 32) | _unsigned(low)), np.float64)


def double2hiint(x):
    return word(reinterpret(x, np.int64) >> 32)


def double2loint(x):
    return word(reinterpret(x, np.int64))


def float_as_int(x):
    return reinterpret(x, np.int32)


def int_as_float(x):
    return reinterpret(x, np.float32)


def double_as_longlong(x):
    return reinterpret(x, np.int64)


def longlong_as_double(x):
    return reinterpret(x, np.float64)


def float2half_rn(x):
    return reinterpret(np.float16(x), np.int16)


def half2float(x):
    return np.float32(reinterpret(x, np.float16))


# Floats as the integers next to them.


def llrint(x):
    return long(to_int(libm("rint", x)))


def llround(x):
    return long(to_int(libm("round", x)))
