"""Methods of numpy.random.Generator: functions whose first parameter is the generator."""

import numpy as np
from _random_checks import non_negative
from _random_choices import choice as _choice
from _random_choices import permutation as _permutation
from _random_choices import permuted, shuffle
from _random_continuous import standard_gamma as _standard_gamma
from _random_continuous import standard_gamma_single
from _random_integers import integers as _integers
from _random_methods import (
    beta,
    binomial,
    chisquare,
    drawn,
    exponential,
    f,
    gamma,
    geometric,
    gumbel,
    hypergeometric,
    laplace,
    logistic,
    lognormal,
    logseries,
    negative_binomial,
    noncentral_chisquare,
    noncentral_f,
    normal,
    pareto,
    poisson,
    power,
    rayleigh,
    real,
    standard_cauchy,
    standard_t,
    triangular,
    uniform,
    vonmises,
    wald,
    weibull,
    zipf,
)
from _random_source import (
    DOUBLES,
    EXPONENTIALS,
    NORMALS,
    double,
    exponential_single,
    normal_single,
    single,
)
from _random_source import exponential as _exponential
from _random_source import normal as _normal
from _random_vectors import dirichlet, multinomial, multivariate_hypergeometric, multivariate_normal
from numir.intrinsics import call_runtime, constant, kind, libm


def random(rng, size=None, dtype=np.float64, out=None):
    return _standard(rng, "random", DOUBLES, double, single, size, dtype, out)


def standard_normal(rng, size=None, dtype=np.float64, out=None):
    return _standard(rng, "standard_normal", NORMALS, _normal, normal_single, size, dtype, out)


def standard_exponential(rng, size=None, dtype=np.float64, method: constant = "zig", out=None):
    if method == "zig":
        return _standard(rng, "standard_exponential", EXPONENTIALS, _exponential, exponential_single, size, dtype, out)
    _check_dtype(dtype, "standard_exponential")
    if size is None and out is None:
        return _inverted_single(rng) if np.dtype(dtype).itemsize == 4 else _inverted(rng)
    result = _room(size, dtype, out)
    flat = result.reshape(-1)
    for i in range(flat.size):
        flat[i] = _inverted_single(rng) if np.dtype(dtype).itemsize == 4 else _inverted(rng)
    return result


def _inverted(rng):
    return -libm("log1p", -double(rng))


def _inverted_single(rng):
    return -libm("log1p", -single(rng))


def standard_gamma(rng, shape, size=None, dtype=np.float64, out=None):
    _check_dtype(dtype, "standard_gamma")
    form = real(shape)
    non_negative(form, "shape")
    draw = standard_gamma_single if np.dtype(dtype).itemsize == 4 else _standard_gamma
    if out is None:
        return drawn(rng, draw, size, dtype, (form,))
    result = _room(size, dtype, out)
    result[...] = drawn(rng, draw, result.shape, dtype, (form,))
    return result


def _standard(rng, name: constant, which: constant, draw, draw_single, size, dtype, out):
    """Numbers without parameters: one, or so many that the runtime writes into an array."""
    _check_dtype(dtype, name)
    if size is None and out is None:
        return draw_single(rng) if np.dtype(dtype).itemsize == 4 else draw(rng)
    result = _room(size, dtype, out)
    call_runtime("generator_fill", rng, which + (1 if np.dtype(dtype).itemsize == 4 else 0), result, result.size)
    return result


def _check_dtype(dtype, name: constant):
    if np.dtype(dtype).kind != "f" or np.dtype(dtype).itemsize == 2:
        raise TypeError(f"Unsupported dtype dtype('{np.dtype(dtype).name}') for {name}")


def _room(size, dtype, out):
    """The array that is written: the one given, or a new one."""
    if out is None:
        return np.empty(size, dtype)
    if np.dtype(dtype).name != out.dtype.name:
        expected, got = np.dtype(dtype).name, out.dtype.name
        raise TypeError(f"Supplied output array has the wrong type. Expected {expected}, got {got}")
    if not out.flags.c_contiguous:
        raise ValueError("Supplied output array must be contiguous, writable, aligned, and in machine byte-order.")
    if size is not None:
        if np.empty(size, np.bool_).shape != out.shape:
            raise ValueError("size must match out.shape when used together")
    return out


def integers(rng, low, high=None, size=None, dtype=np.int64, endpoint=False):
    return _integers(rng, low, high, size, dtype, endpoint)


def choice(rng, a, size=None, replace=True, p=None, axis: constant = 0, shuffle=True):
    return _choice(rng, a, size, replace, p, axis, shuffle)


def permutation(rng, x, axis: constant = 0):
    return _permutation(rng, x, axis)
