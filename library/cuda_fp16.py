"""numir.cuda.fp16: arithmetic and functions of float16, each rounded once, to the nearest."""

import numpy as np
from numir.intrinsics import libm
from numpy import float16


def hadd(a: float16, b: float16):
    return a + b


def hsub(a: float16, b: float16):
    return a - b


def hmul(a: float16, b: float16):
    return a * b


def hdiv(a: float16, b: float16):
    return a / b


def hfma(a: float16, b: float16, c: float16):
    # A product of two is a float64, and so is every sum of which the rounding to float16 could be in doubt.
    return float16(np.float64(a) * np.float64(b) + np.float64(c))


def hneg(a: float16):
    return -a


def habs(a: float16):
    return np.abs(a)


def heq(a: float16, b: float16):
    return a == b


def hne(a: float16, b: float16):
    return a != b


def hgt(a: float16, b: float16):
    return a > b


def hge(a: float16, b: float16):
    return a >= b


def hlt(a: float16, b: float16):
    return a < b


def hle(a: float16, b: float16):
    return a <= b


def hmax(a: float16, b: float16):
    return np.fmax(a, b)


def hmin(a: float16, b: float16):
    return np.fmin(a, b)


def hsin(a: float16):
    return np.sin(a)


def hcos(a: float16):
    return np.cos(a)


def htanh(a: float16):
    return np.tanh(a)


def hexp(a: float16):
    return np.exp(a)


def hexp2(a: float16):
    return np.exp2(a)


def hexp10(a: float16):
    return float16(np.power(np.float32(10), np.float32(a)))


def hlog(a: float16):
    return np.log(a)


def hlog2(a: float16):
    return np.log2(a)


def hlog10(a: float16):
    return np.log10(a)


def hsqrt(a: float16):
    return np.sqrt(a)


def hrsqrt(a: float16):
    return float16(1 / np.sqrt(np.float32(a)))


def hrcp(a: float16):
    return 1 / a


def hfloor(a: float16):
    return libm("floor", a)


def hceil(a: float16):
    return libm("ceil", a)


def hrint(a: float16):
    return libm("rint", a)


def htrunc(a: float16):
    return libm("trunc", a)
