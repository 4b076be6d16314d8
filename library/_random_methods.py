"""The distributions that numpy.random's legacy functions and Generator share: for one set of parameters or arrays of them, one number or an
array. The first parameter is the source of _random_source.py."""

import _random_binomial as binomials
import _random_checks as check
import _random_continuous as continuous
import _random_counts as counts
import _random_hypergeometric as hypergeometrics
import numpy as np
from numir.intrinsics import kind


def drawn(source, draw, size, dtype, parameters):
    """What `draw` gives for a source and parameters: a number, or an array of a size or of the shape that array parameters have together."""
    shape = _shape_of(parameters)
    if shape is None:
        if size is None:
            return draw(source, *parameters)
        out = np.empty(size, dtype)
        flat = out.reshape(-1)
        for i in range(flat.size):
            flat[i] = draw(source, *parameters)
        return out
    if size is None:
        out = np.empty(shape, dtype)
    else:
        out = np.empty(size, dtype)
        if np.broadcast_shapes(out.shape, shape) != out.shape:
            raise ValueError("Output size is not compatible with broadcast dimensions of inputs.")
    flat = out.reshape(-1)
    lines = _lines(parameters, out.shape)
    for i in range(flat.size):
        flat[i] = draw(source, *_items(lines, i))
    return out


def _shape_of(parameters):
    """The shape of all arrays among the parameters, None where there is none."""
    if len(parameters) == 0:
        return None
    rest = _shape_of(parameters[1:])
    if kind(parameters[0]) != "array":
        return rest
    return parameters[0].shape if rest is None else np.broadcast_shapes(parameters[0].shape, rest)


def _lines(parameters, shape):
    if len(parameters) == 0:
        return ()
    if kind(parameters[0]) != "array":
        return (parameters[0],) + _lines(parameters[1:], shape)
    line = np.broadcast_to(parameters[0], shape).copy().reshape(-1)
    return (line,) + _lines(parameters[1:], shape)


def _items(lines, i):
    if len(lines) == 0:
        return ()
    return (lines[0][i] if kind(lines[0]) == "array" else lines[0],) + _items(lines[1:], i)


def _floats(source, draw, size, parameters):
    return drawn(source, draw, size, np.float64, parameters)


def _ints(source, draw, size, parameters):
    return drawn(source, draw, size, np.int64, parameters)


def real(x):
    """A parameter as a float, or an array of floats."""
    return np.asarray(x, np.float64) if kind(x) == "array" or kind(x) == "tuple" else float(x)


def whole(x):
    """A parameter as an int, or an array of ints."""
    return np.asarray(x, np.int64) if kind(x) == "array" or kind(x) == "tuple" else int(x)


def _placed(source, draw, loc, scale, size):
    """Numbers of a distribution with a place and a width."""
    spread = real(scale)
    check.non_negative(spread, "scale")
    return _floats(source, draw, size, (real(loc), spread))


def _scaled(source, draw, scale, name, size):
    """Numbers of a distribution with one parameter that is not negative."""
    spread = real(scale)
    check.non_negative(spread, name)
    return _floats(source, draw, size, (spread,))


def _formed(source, draw, form, name, size):
    """Numbers of a distribution with one parameter that is positive."""
    exponent = real(form)
    check.positive(exponent, name)
    return _floats(source, draw, size, (exponent,))


def uniform(source, low=0.0, high=1.0, size=None):
    a, b = real(low), real(high)
    width = b - a
    if kind(source) == "text":
        check.finite_range(a, b, "Range exceeds valid bounds")
    else:
        check.finite_range(a, b, "high - low range exceeds valid bounds")
        check.non_negative(width, "high - low")
    return _floats(source, continuous.uniform, size, (a, width))


def normal(source, loc=0.0, scale=1.0, size=None):
    return _placed(source, continuous.scaled_normal, loc, scale, size)


def lognormal(source, mean=0.0, sigma=1.0, size=None):
    spread = real(sigma)
    check.non_negative(spread, "sigma")
    return _floats(source, continuous.lognormal, size, (real(mean), spread))


def exponential(source, scale=1.0, size=None):
    return _scaled(source, continuous.scaled_exponential, scale, "scale", size)


def standard_gamma(source, shape, size=None):
    return _scaled(source, continuous.standard_gamma, shape, "shape", size)


def gamma(source, shape, scale=1.0, size=None):
    form, spread = real(shape), real(scale)
    check.non_negative(form, "shape")
    check.non_negative(spread, "scale")
    return _floats(source, continuous.gamma, size, (form, spread))


def beta(source, a, b, size=None):
    first, second = real(a), real(b)
    check.positive(first, "a")
    check.positive(second, "b")
    return _floats(source, continuous.beta, size, (first, second))


def chisquare(source, df, size=None):
    return _formed(source, continuous.chisquare, df, "df", size)


def f(source, dfnum, dfden, size=None):
    above, below = real(dfnum), real(dfden)
    check.positive(above, "dfnum")
    check.positive(below, "dfden")
    return _floats(source, continuous.f, size, (above, below))


def noncentral_chisquare(source, df, nonc, size=None):
    freedom, shift = real(df), real(nonc)
    check.positive(freedom, "df")
    check.non_negative(shift, "nonc")
    return _floats(source, counts.noncentral_chisquare, size, (freedom, shift))


def noncentral_f(source, dfnum, dfden, nonc, size=None):
    above, below, shift = real(dfnum), real(dfden), real(nonc)
    check.positive(above, "dfnum")
    check.positive(below, "dfden")
    check.non_negative(shift, "nonc")
    return _floats(source, counts.noncentral_f, size, (above, below, shift))


def standard_cauchy(source, size=None):
    return _floats(source, continuous.standard_cauchy, size, ())


def standard_t(source, df, size=None):
    return _formed(source, continuous.standard_t, df, "df", size)


def vonmises(source, mu, kappa, size=None):
    concentration = real(kappa)
    check.non_negative(concentration, "kappa")
    return _floats(source, continuous.vonmises, size, (real(mu), concentration))


def pareto(source, a, size=None):
    return _formed(source, continuous.pareto, a, "a", size)


def weibull(source, a, size=None):
    return _scaled(source, continuous.weibull, a, "a", size)


def power(source, a, size=None):
    return _formed(source, continuous.power_function, a, "a", size)


def laplace(source, loc=0.0, scale=1.0, size=None):
    return _placed(source, continuous.laplace, loc, scale, size)


def gumbel(source, loc=0.0, scale=1.0, size=None):
    return _placed(source, continuous.gumbel, loc, scale, size)


def logistic(source, loc=0.0, scale=1.0, size=None):
    return _placed(source, continuous.logistic, loc, scale, size)


def rayleigh(source, scale=1.0, size=None):
    return _scaled(source, continuous.rayleigh, scale, "scale", size)


def wald(source, mean, scale, size=None):
    middle, spread = real(mean), real(scale)
    check.positive(middle, "mean")
    check.positive(spread, "scale")
    return _floats(source, continuous.wald, size, (middle, spread))


def triangular(source, left, mode, right, size=None):
    a, b, c = real(left), real(mode), real(right)
    check.ordered(a, b, c)
    return _floats(source, continuous.triangular, size, (a, b, c))


def poisson(source, lam=1.0, size=None):
    mean = real(lam)
    check.rate(mean, "lam")
    return _ints(source, counts.poisson, size, (mean,))


def binomial(source, n, p, size=None):
    trials, chance = whole(n), real(p)
    if np.any(np.less(trials, 0)):
        raise ValueError("n < 0")
    check.probability(chance, "p")
    return _ints(source, binomials.binomial, size, (trials, chance))


def negative_binomial(source, n, p, size=None):
    successes, chance = real(n), real(p)
    if kind(source) == "text":
        check.positive(successes, "n")
        check.probability(chance, "p")
    else:
        check.positive_not_nan(successes, "n")
        check.positive_probability(chance, "p")
        # The mean of the Poisson numbers, and ten standard deviations more.
        most = (1.0 - chance) / chance * (successes + 10.0 * np.sqrt(successes))
        if np.any(np.greater(most, 9.223372006484771e18)):
            raise ValueError("n too large or p too small, see Generator.negative_binomial Notes")
    return _ints(source, counts.negative_binomial, size, (successes, chance))


def geometric(source, p, size=None):
    chance = real(p)
    check.positive_probability(chance, "p")
    return _ints(source, counts.geometric, size, (chance,))


def logseries(source, p, size=None):
    chance = real(p)
    check.less_than_one(chance, "p")
    return _ints(source, counts.logseries, size, (chance,))


def zipf(source, a, size=None):
    exponent = real(a)
    check.greater_than_one(exponent, "a")
    return _ints(source, counts.zipf, size, (exponent,))


def hypergeometric(source, ngood, nbad, nsample, size=None):
    good, bad, sample = whole(ngood), whole(nbad), whole(nsample)
    if kind(source) != "text" and np.any(np.greater_equal(good, 10**9) | np.greater_equal(bad, 10**9)):
        raise ValueError("both ngood and nbad must be less than 1000000000")
    if np.any(np.less(np.add(good, bad), sample)):
        raise ValueError("ngood + nbad < nsample")
    if np.any(np.less(good, 0)):
        raise ValueError("ngood < 0")
    if np.any(np.less(bad, 0)):
        raise ValueError("nbad < 0")
    if kind(source) == "text":
        check.at_least_one(sample, "nsample")
    elif np.any(np.less(sample, 0)):
        raise ValueError("nsample < 0")
    return _ints(source, hypergeometrics.hypergeometric, size, (good, bad, sample))
