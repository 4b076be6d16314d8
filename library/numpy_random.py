"""numpy.random: the legacy functions, which draw the numbers of NumPy's MT19937 for the same seed in the same order, and default_rng."""

import _random_choices as choices
import _random_methods as methods
import _random_vectors as vectors
import numpy as np
from _random_integers import integers
from numir.intrinsics import call_runtime, constant, generator, kind, random_seed

_SOURCE = "numpy"


def default_rng(seed=None):
    """A Generator: the one given, or a new one with a PCG64 of that seed."""
    if kind(seed) == "generator":
        return seed
    words = np.zeros(10, np.uint64)
    if seed is None:
        call_runtime("generator_seed", words, words, -1)
    else:
        entropy = _entropy(seed)
        call_runtime("generator_seed", words, entropy, entropy.size)
    return generator(words)


def _entropy(seed):
    """The words of 32 bits of a seed, of each int the lowest first."""
    if kind(seed) == "array" or kind(seed) == "tuple":
        seeds = np.asarray(seed).reshape(-1)
        if seeds.dtype.kind == "u" and seeds.dtype.itemsize == 4:
            return seeds.copy()
        words = np.empty(2 * seeds.size, np.uint32)
        count = 0
        for one in seeds:
            count = _append(words, count, one)
        return words[:count].copy()
    words = np.empty(2, np.uint32)
    return words[: _append(words, 0, seed)].copy()


def _append(words, count: int, seed):
    if seed < 0:
        raise ValueError("expected non-negative integer")
    whole = np.uint64(seed)
    words[count] = np.uint32(whole & np.uint64(4294967295))
    if whole >> np.uint64(32) == np.uint64(0):
        return count + 1
    words[count + 1] = np.uint32(whole >> np.uint64(32))
    return count + 2


def seed(seed: int):
    if seed < 0 or seed > 4294967295:
        raise ValueError("Seed must be between 0 and 2**32 - 1")
    random_seed(_SOURCE, seed)


def random_sample(size=None):
    return methods.uniform(_SOURCE, 0.0, 1.0, size)


def random(size=None):
    return random_sample(size)


def ranf(size=None):
    return random_sample(size)


def sample(size=None):
    return random_sample(size)


def rand(*dims):
    return random_sample(None if len(dims) == 0 else dims)


def uniform(low=0.0, high=1.0, size=None):
    return methods.uniform(_SOURCE, low, high, size)


def standard_normal(size=None):
    return methods.normal(_SOURCE, 0.0, 1.0, size)


def randn(*dims):
    return standard_normal(None if len(dims) == 0 else dims)


def normal(loc=0.0, scale=1.0, size=None):
    return methods.normal(_SOURCE, loc, scale, size)


def lognormal(mean=0.0, sigma=1.0, size=None):
    return methods.lognormal(_SOURCE, mean, sigma, size)


def standard_exponential(size=None):
    return methods.exponential(_SOURCE, 1.0, size)


def exponential(scale=1.0, size=None):
    return methods.exponential(_SOURCE, scale, size)


def standard_gamma(shape, size=None):
    return methods.standard_gamma(_SOURCE, shape, size)


def gamma(shape, scale=1.0, size=None):
    return methods.gamma(_SOURCE, shape, scale, size)


def beta(a, b, size=None):
    return methods.beta(_SOURCE, a, b, size)


def chisquare(df, size=None):
    return methods.chisquare(_SOURCE, df, size)


def f(dfnum, dfden, size=None):
    return methods.f(_SOURCE, dfnum, dfden, size)


def noncentral_chisquare(df, nonc, size=None):
    return methods.noncentral_chisquare(_SOURCE, df, nonc, size)


def noncentral_f(dfnum, dfden, nonc, size=None):
    return methods.noncentral_f(_SOURCE, dfnum, dfden, nonc, size)


def standard_cauchy(size=None):
    return methods.standard_cauchy(_SOURCE, size)


def standard_t(df, size=None):
    return methods.standard_t(_SOURCE, df, size)


def vonmises(mu, kappa, size=None):
    return methods.vonmises(_SOURCE, mu, kappa, size)


def pareto(a, size=None):
    return methods.pareto(_SOURCE, a, size)


def weibull(a, size=None):
    return methods.weibull(_SOURCE, a, size)


def power(a, size=None):
    return methods.power(_SOURCE, a, size)


def laplace(loc=0.0, scale=1.0, size=None):
    return methods.laplace(_SOURCE, loc, scale, size)


def gumbel(loc=0.0, scale=1.0, size=None):
    return methods.gumbel(_SOURCE, loc, scale, size)


def logistic(loc=0.0, scale=1.0, size=None):
    return methods.logistic(_SOURCE, loc, scale, size)


def rayleigh(scale=1.0, size=None):
    return methods.rayleigh(_SOURCE, scale, size)


def wald(mean, scale, size=None):
    return methods.wald(_SOURCE, mean, scale, size)


def triangular(left, mode, right, size=None):
    return methods.triangular(_SOURCE, left, mode, right, size)


def poisson(lam=1.0, size=None):
    return methods.poisson(_SOURCE, lam, size)


def binomial(n, p, size=None):
    return methods.binomial(_SOURCE, n, p, size)


def negative_binomial(n, p, size=None):
    return methods.negative_binomial(_SOURCE, n, p, size)


def geometric(p, size=None):
    return methods.geometric(_SOURCE, p, size)


def logseries(p, size=None):
    return methods.logseries(_SOURCE, p, size)


def zipf(a, size=None):
    return methods.zipf(_SOURCE, a, size)


def hypergeometric(ngood, nbad, nsample, size=None):
    return methods.hypergeometric(_SOURCE, ngood, nbad, nsample, size)


def multinomial(n, pvals, size=None):
    return vectors.multinomial(_SOURCE, n, pvals, size)


def dirichlet(alpha, size=None):
    return vectors.dirichlet(_SOURCE, alpha, size)


def multivariate_normal(mean, cov, size=None, check_valid: constant = "warn", tol=1e-8):
    return vectors.multivariate_normal(_SOURCE, mean, cov, size, check_valid, tol)


def randint(low, high=None, size=None, dtype=np.int64):
    return integers(_SOURCE, low, high, size, dtype, False)


def random_integers(low, high=None, size=None):
    return integers(_SOURCE, 1 if high is None else low, low if high is None else high, size, np.int64, True)


def shuffle(x):
    choices.shuffle(_SOURCE, x)


def permutation(x):
    return choices.permutation(_SOURCE, x)


def choice(a, size=None, replace=True, p=None):
    return choices.choice(_SOURCE, a, size, replace, p, 0, True)
