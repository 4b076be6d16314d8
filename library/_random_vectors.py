"""Distributions of vectors: multinomial, dirichlet, multivariate_normal, multivariate_hypergeometric."""

import numpy as np
from _random_binomial import part
from _random_continuous import beta, standard_gamma
from _random_hypergeometric import hypergeometric
from _random_methods import normal, whole
from numir.intrinsics import constant, kind


def multinomial(source, n, pvals, size=None):
    chances = np.asarray(pvals, np.float64)
    if chances.ndim != 1:
        raise ValueError("pvals must be 1-dimensional")
    if np.any(~((chances >= 0) & (chances <= 1))):
        raise ValueError("pvals < 0, pvals > 1 or pvals contains NaNs")
    if chances.size > 0 and np.sum(chances[:-1]) > 1.0 + 1e-12:
        raise ValueError("sum(pvals[:-1]) > 1.0")
    trials = whole(n)
    if np.any(np.less(trials, 0)):
        raise ValueError("n < 0")
    out = np.zeros(
        _stacked(size, chances.size) if kind(trials) != "array" else trials.shape + (chances.size,), np.int64
    )
    rows = out.reshape((-1, chances.size))
    for i in range(len(rows)):
        _divide(source, trials.reshape(-1)[i] if kind(trials) == "array" else trials, chances, rows[i])
    return out


def _stacked(size, width):
    """The shape of so many vectors of that width."""
    if size is None:
        return (width,)
    return size + (width,) if kind(size) == "tuple" else (size, width)


def _divide(source, n: int, chances, out):
    rest = 1.0
    left = n
    for j in range(chances.size - 1):
        out[j] = part(source, left, chances[j] / rest)
        left -= out[j]
        if left <= 0:
            return
        rest -= chances[j]
    if left > 0:
        out[chances.size - 1] = left


def dirichlet(source, alpha, size=None):
    weights = np.asarray(alpha, np.float64)
    if np.any(np.less_equal(weights, 0)) if kind(source) == "text" else np.any(np.less(weights, 0)):
        raise ValueError("alpha <= 0" if kind(source) == "text" else "alpha < 0")
    out = np.zeros(_stacked(size, weights.size))
    rows = out.reshape((-1, weights.size))
    if kind(source) != "text" and np.max(weights) < 0.1:
        _break_sticks(source, weights, rows)
        return out
    for row in rows:
        total = 0.0
        for j in range(weights.size):
            row[j] = standard_gamma(source, weights[j])
            total += row[j]
        inverse = 1.0 / total
        for j in range(weights.size):
            row[j] = row[j] * inverse
    return out


def _break_sticks(source, weights, rows):
    """Small weights, of which gamma numbers would all be 0: each takes a part of what is left, by a beta number."""
    count = weights.size
    behind = np.empty(count)
    total = 0.0
    for j in range(count - 1, -1, -1):
        total += weights[j]
        behind[j] = total
    if total == 0.0:
        return
    for row in rows:
        left = 1.0
        for j in range(count - 1):
            part = beta(source, weights[j], behind[j + 1])
            row[j] = left * part
            left *= 1.0 - part
            if behind[j + 1] == 0.0:
                break
        row[count - 1] = left


def multivariate_normal(
    source, mean, cov, size=None, check_valid: constant = "warn", tol=1e-8, method: constant = "svd"
):
    middle, spread = np.asarray(mean, np.float64), np.asarray(cov, np.float64)
    if middle.ndim != 1:
        raise ValueError("mean must be 1 dimensional")
    if spread.ndim != 2 or spread.shape[0] != spread.shape[1]:
        raise ValueError("cov must be 2 dimensional and square")
    if middle.shape[0] != spread.shape[0]:
        raise ValueError("mean and cov must have same length")
    count = middle.shape[0]
    out = np.empty(_stacked(size, count))
    rows = out.reshape((-1, count))
    rows[:, :] = normal(source, 0.0, 1.0, (len(rows), count))
    rows[:, :] = rows @ _root(spread, tol, check_valid, method) + middle
    return out


def _root(spread, tol, check_valid: constant, method: constant):
    """A matrix whose transpose times itself is the covariance."""
    if method == "cholesky":
        return np.linalg.cholesky(spread).T.copy()
    if method == "eigh":
        sizes, vectors = np.linalg.eigh(spread)
        if check_valid == "raise" and np.any(sizes < -tol):
            raise ValueError("covariance is not symmetric positive-semidefinite.")
        return (vectors * np.sqrt(np.abs(sizes))).T.copy()
    u, s, v = np.linalg.svd(spread)
    if check_valid == "raise" and not np.allclose(np.dot(v.T * s, v), spread, rtol=tol, atol=tol):
        raise ValueError("covariance is not symmetric positive-semidefinite.")
    return np.sqrt(s).reshape((-1, 1)) * v


def multivariate_hypergeometric(source, colors, nsample, size=None, method: constant = "marginals"):
    counts = np.asarray(colors, np.int64)
    if method != "marginals":
        raise ValueError('method must be "marginals" in compiled code')
    if np.any(counts < 0):
        raise ValueError("colors must be a one-dimensional sequence of nonnegative integers.")
    total = int(np.sum(counts))
    if nsample < 0:
        raise ValueError("nsample must be nonnegative.")
    if nsample > total:
        raise ValueError("nsample > sum(colors)")
    out = np.zeros(_stacked(size, counts.size), np.int64)
    rows = out.reshape((-1, counts.size))
    # Of more than half, what is left is drawn.
    rest = nsample > total // 2
    taken = total - nsample if rest else nsample
    for row in rows:
        left, wanted = total, taken
        for j in range(counts.size - 1):
            if wanted <= 0:
                break
            left -= counts[j]
            row[j] = hypergeometric(source, counts[j], left, wanted)
            wanted -= row[j]
        if wanted > 0:
            row[counts.size - 1] = wanted
        if rest:
            for j in range(counts.size):
                row[j] = counts[j] - row[j]
    return out
