"""numpy.fft: transforms of all kinds, lengths, axes and scales; as NumPy."""

import numpy as np
import pytest

from numpy_tables import Table, arrays, filled

ALONG = [
    "np.fft.fft(a)",
    "np.fft.ifft(a)",
    "np.fft.hfft(a)",
    "np.fft.irfft(a)",
    "np.fft.irfft(a, 7)",
    "np.fft.irfft(a, 2, axis=0)",
    "np.fft.irfft(a, n=12, norm='ortho')",
    "np.fft.hfft(a, 5, norm='forward')",
    "np.fft.fft(a, 3)",
    "np.fft.fft(a, n=9, axis=0)",
    "np.fft.fft(a, axis=0, norm='ortho')",
    "np.fft.fft(a, norm='forward')",
    "np.fft.ifft(a, 8, 0, 'forward')",
    "np.fft.ifft(a, norm='backward')",
    "np.fft.ifft(np.fft.fft(a))",
    "np.fft.fftshift(a)",
    "np.fft.fftshift(a, axes=0)",
    "np.fft.ifftshift(a, axes=(0, -1))",
    "np.fft.ifftshift(a)",
]
REAL = [
    "np.fft.rfft(a)",
    "np.fft.rfft(a, 4)",
    "np.fft.rfft(a, 9, axis=0)",
    "np.fft.rfft(a, norm='ortho')",
    "np.fft.rfft(a, norm='forward')",
    "np.fft.ihfft(a)",
    "np.fft.ihfft(a, 6, axis=0, norm='forward')",
    "np.fft.irfft(np.fft.rfft(a), a.shape[-1])",
]
SEVERAL = [
    "np.fft.fft2(a)",
    "np.fft.fft2(a, (2, 5))",
    "np.fft.ifft2(a, axes=(1, 0), norm='ortho')",
    "np.fft.ifft2(a, s=(-1, 3))",
    "np.fft.fftn(a)",
    "np.fft.fftn(a, axes=(0,))",
    "np.fft.fftn(a, axes=(1, 1))",
    "np.fft.ifftn(a, (3, 4), (0, 1), 'forward')",
    "np.fft.irfft2(a)",
    "np.fft.irfftn(a, (4, 5), (0, 1))",
    "np.fft.irfftn(a, axes=(1, 0), norm='ortho')",
]
SEVERAL_REAL = [
    "np.fft.rfft2(a)",
    "np.fft.rfft2(a, (3, 8), norm='ortho')",
    "np.fft.rfftn(a)",
    "np.fft.rfftn(a, axes=(1, 0))",
    "np.fft.rfftn(a, (5, 2), (0, 1))",
]
REALS = ["bool", "int8", "int64", "uint16", "float16", "float32", "float64"]


@pytest.mark.parametrize("dtype", [*REALS, "complex64", "complex128"])
def test_along_an_axis(tmp_path, dtype):
    table = Table(tmp_path, "a", ALONG + (REAL if dtype in REALS else []))
    tolerance = 1e-4 if dtype in ("float16", "float32", "complex64") else 1e-11
    for a in arrays([dtype]):
        table.check(a, rtol=tolerance, atol=50 * tolerance)


@pytest.mark.parametrize("dtype", ["int64", "float32", "float64", "complex64", "complex128"])
def test_along_several_axes(tmp_path, dtype):
    table = Table(tmp_path, "a", SEVERAL + (SEVERAL_REAL if dtype in REALS else []))
    tolerance = 1e-4 if dtype in ("float32", "complex64") else 1e-11
    for a in arrays([dtype]):
        table.check(a, rtol=tolerance, atol=50 * tolerance)


@pytest.mark.parametrize("dtype", ["float64", "complex64"])
def test_many_axes_and_lengths(tmp_path, dtype):
    table = Table(
        tmp_path, "a", ["np.fft.fftn(a)", "np.fft.fft(a, axis=1)", "np.fft.ifftn(a, axes=(0, 2))", "np.fft.irfftn(a)"]
    )
    rng = np.random.default_rng(3)
    for shape in ((2, 3, 4), (1, 31, 2), (4, 1, 97)):
        table.check(filled(rng, dtype, shape), rtol=1e-4, atol=1e-3)
    table = Table(tmp_path, "a", ["np.fft.fft(a)", "np.fft.ifft(a)", "np.fft.irfft(a)"])
    for length in (2, 3, 4, 5, 16, 60, 127, 128, 1000, 1009):
        table.check(filled(rng, dtype, (length,)), rtol=1e-4, atol=1e-2)


def test_frequencies(tmp_path):
    expressions = ["np.fft.fftfreq(n)", "np.fft.fftfreq(n, 0.1)", "np.fft.rfftfreq(n)", "np.fft.rfftfreq(n, d=2)"]
    table = Table(tmp_path, "n", expressions)
    for n in (1, 2, 7, 8):
        table.check(n)


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.fft.fft(a, 0)",
        "np.fft.fft(a, -3)",
        "np.fft.fft(a[:0])",
        "np.fft.fft(a, 4, axis=1)",
        "np.fft.fft(a, norm='wrong')",
        "np.fft.rfft(a * 1j)",
        "np.fft.irfft(a[:1])",
        "np.fft.fft2(a, (2, 2))",
        "np.fft.fftn(a, (1, 2), (0,))",
        "np.fft.fftfreq(2.5)",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(5.0))


def test_results_are_put_where_it_is_said(tmp_path):
    for expression in ("np.fft.fft(a, out=b)", "np.fft.ifft(b, out=b)"):
        Table(tmp_path, "a, b", [expression]).check(np.arange(6.0), np.full(6, 1j), atol=1e-12)
