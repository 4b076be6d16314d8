"""Covariances, convolutions, interpolation, integrals and polynomials."""

import numpy as np
import pytest

from numpy_tables import Table, arrays, filled

COVARIANCES = [
    "np.cov(a)",
    "np.cov(a[0])",
    "np.cov(a, rowvar=False)",
    "np.cov(a, a[::-1] * 2)",
    "np.cov(a[0], a[1])",
    "np.cov(a, bias=True)",
    "np.cov(a, ddof=0)",
    "np.cov(a, fweights=np.array([1, 2, 3, 1, 2]))",
    "np.cov(a, aweights=np.array([0.5, 2, 3, 1, 2]))",
    "np.cov(a, ddof=0, aweights=np.array([0.5, 2, 3, 1, 2]), fweights=np.array([1, 2, 3, 1, 2]))",
    "np.corrcoef(a)",
    "np.corrcoef(a[0], a[1])",
    "np.corrcoef(a[0])",
    "np.corrcoef(a, rowvar=False)",
]

POLYNOMIALS = [
    "np.polyval(a, 2)",
    "np.polyval(a, b)",
    "np.polyval(b, a)",
    "np.polyadd(a, b)",
    "np.polysub(a, b)",
    "np.polymul(a, b)",
    "np.polyder(a)",
    "np.polyder(a, 2)",
    "np.polyder(a, 9)",
    "np.polyint(a)",
    "np.polyint(a, 2)",
    "np.polyint(a, 2, k=(3, 4))",
    "np.polyint(a, k=2)",
]


@pytest.mark.parametrize("dtype", ["int64", "float32", "float64", "complex128"])
def test_covariances(tmp_path, dtype):
    table = Table(tmp_path, "a", COVARIANCES)
    for a in arrays([dtype]):
        table.check(a, rtol=1e-9)


@pytest.mark.parametrize("dtype", ["int8", "int64", "float32", "float64", "complex128"])
def test_convolutions(tmp_path, dtype):
    expressions = [f"np.convolve(a, b, '{mode}')" for mode in ("full", "same", "valid")]
    expressions += [f"np.correlate(a, b, '{mode}')" for mode in ("full", "same", "valid")]
    table = Table(tmp_path, "a, b", [*expressions, "np.convolve(a, b)", "np.correlate(a, b)"])
    rng = np.random.default_rng(2)
    for m in range(1, 6):
        for n in range(1, 6):
            table.check(filled(rng, dtype, (m,)), filled(rng, dtype, (n,)))


@pytest.mark.parametrize("dtype", ["int64", "float64", "complex128"])
def test_polynomials(tmp_path, dtype):
    table = Table(tmp_path, "a, b", POLYNOMIALS)
    rng = np.random.default_rng(2)
    for m, n in ((1, 1), (4, 2), (3, 5)):
        table.check(filled(rng, dtype, (m,)), filled(rng, dtype, (n,)))
    zeros = np.zeros(3, dtype)
    table.check(zeros, filled(rng, dtype, (2,)))


def test_interpolation(tmp_path):
    expressions = [
        "np.interp(x, p, f)",
        "np.interp(2.5, p, f)",
        "np.interp(x, p, f, left=-1.0, right=9)",
        "np.interp(x, p, f * 1j)",
        "np.interp(x.reshape(2, -1), p, f)",
        "np.interp([1, 2], p, f)",
    ]
    table = Table(tmp_path, "x, p, f", expressions)
    x = np.array([-1.0, 0, 0.5, 1, 1.5, 3.999, 4, 5, np.nan, np.inf])
    table.check(x, np.array([0.0, 1, 3, 4]), np.array([1.0, 5, np.inf, 7]))
    table.check(x, np.array([0, 1, 3, 4]), np.array([1, 5, 2, 7]))
    table.check(x, np.array([2.0]), np.array([3.0]))


@pytest.mark.parametrize("dtype", ["int64", "float32", "float64", "complex128"])
def test_differences_and_integrals(tmp_path, dtype):
    expressions = [
        "np.trapezoid(a)",
        "np.trapezoid(a, axis=0)",
        "np.trapezoid(a, dx=0.5)",
        "np.trapezoid(a, np.array([0.0, 1, 3, 4, 8]))",
        "np.trapezoid(a, a, axis=0)",
        "np.trapezoid(a[0])",
        "np.gradient(a)",
        "np.gradient(a, 0.5)",
        "np.gradient(a, 2.0, 0.5)",
        "np.gradient(a, axis=0)",
        "np.gradient(a, np.array([0.0, 1, 3, 4, 8]), axis=1)",
        "np.gradient(a[0], edge_order=2)",
        "np.gradient(a, axis=1, edge_order=2)",
        "np.diff(a, prepend=1)",
        "np.diff(a, append=a[:, :1])",
        "np.diff(a, axis=0, prepend=a[:1], append=2)",
        "np.ediff1d(a)",
        "np.ediff1d(a, to_end=a[0, :1], to_begin=(9, 8))",
    ]
    table = Table(tmp_path, "a", expressions)
    for a in arrays([dtype]):
        table.check(a)


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.convolve(a, a[:0])",
        "np.convolve(a, a, 'wrong')",
        "np.interp(1.0, a, a[:2])",
        "np.interp(1.0, a[:0], a[:0])",
        "np.cov(a, a[:2])",
        "np.cov(a, fweights=np.array([1, 2]))",
        "np.polyder(a, -1)",
        "np.polyint(a, -1)",
        "np.gradient(a[:1])",
        "np.gradient(a, edge_order=3)",
        "np.gradient(a, a[:2])",
        "np.trapezoid(a, a[:3])",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(5.0))
