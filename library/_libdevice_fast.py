"""Functions of libdevice that are quick and rough on hardware; here they are as exact as others."""

import numpy as np
from numir.intrinsics import like


def fast_cos(x):
    return np.cos(x)


def fast_exp(x):
    return np.exp(x)


def fast_exp10(x):
    return np.power(like(x, 10), x)


def fast_fdivide(x, y):
    return x / y


def fast_log(x):
    return np.log(x)


def fast_log10(x):
    return np.log10(x)


def fast_log2(x):
    return np.log2(x)


def fast_pow(x, y):
    return np.power(x, y)


def fast_sin(x):
    return np.sin(x)


def fast_sincos(x):
    return fast_sin(x), fast_cos(x)


def fast_tan(x):
    return np.tan(x)
