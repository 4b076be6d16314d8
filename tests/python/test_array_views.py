"""Views of the same memory as other items (`z.real`, `a.view(dtype)`), and `a.flags`; as in NumPy."""

import numir
import numpy as np
import pytest
from numir import njit, prange


def arrays(dtype, shapes=((6,), (3, 4), (1, 5), (4, 1), (0, 3), (2, 3, 4), ())):
    """Arrays in many layouts."""
    for shape in shapes:
        a = (np.arange(np.prod(shape, dtype=int)) * (1 + 2j)).reshape(shape)
        a = (a if np.dtype(dtype).kind == "c" else a.real).astype(dtype)
        yield a
        yield np.asfortranarray(a)
        if a.ndim:
            yield a[::2]
            yield a[..., ::-1]
        if a.ndim > 1:
            yield a[:, 1:]
            yield a.T[::-2]


@njit
def parts(z):
    return z.real, z.imag


@pytest.mark.parametrize("dtype", ["complex64", "complex128", "float32", "int16", "bool"])
def test_parts_are_views(dtype):
    for z in arrays(dtype):
        for got, expected in zip(parts(z), (z.real, z.imag), strict=True):
            np.testing.assert_array_equal(got, expected)
            assert got.dtype == expected.dtype
            assert got.flags.writeable == expected.flags.writeable
            assert z.size == 0 or np.shares_memory(got, z) == np.shares_memory(expected, z)


def test_parts_are_written():
    @njit
    def written(z):
        r = z.real
        r[0] = 5
        r += 1
        z.imag[1:] = r[1:]
        z.imag *= 2
        z.real[2] += 10
        z.T.real[1] -= 1
        z.real = z.imag
        z[:] = z.real
        z.imag = z.real[::-1]
        z.real[::-1] = z.imag + z.real
        return z

    for z in (np.arange(6) * (1 + 1j), (np.arange(12) * (1 + 1j))[::-2]):
        np.testing.assert_array_equal(written(z.copy()), written.py_func(z.copy()))
        np.testing.assert_array_equal(written(z[:]), z)


def test_a_part_outlives_its_array():
    @njit
    def kept(n):
        z = np.full(n, 1 + 2j)
        r, z = z.imag, np.zeros(n, np.complex128)
        return r, z.real

    for got, expected in zip(kept(4), kept.py_func(4), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_imaginary_parts_of_real_numbers_cannot_be_written():
    @njit
    def written(a):
        a.imag[0] = 1

    with pytest.raises(numir.errors.TypingError, match="read-only"):
        written(np.ones(3))


@njit(parallel=True)
def in_parallel(z):
    r = z.real
    for i in prange(len(z)):
        r[i] = i
        z.imag[i] += 2 * i
    return z


def test_parts_in_parallel():
    np.testing.assert_array_equal(in_parallel(np.ones(1000, complex)), in_parallel.py_func(np.ones(1000, complex)))


@njit
def views(a):
    return a.view(np.int16), a.view("u4"), a.view(), a.view(np.bool_), a.view(a.dtype), a.view(np.float32)


def test_views():
    for a in arrays("int32", ((6,), (3, 4), (2, 3, 4), (1, 5))):
        try:
            expected = views.py_func(a)
        except ValueError as error:
            with pytest.raises(ValueError, match="the last axis must be contiguous"):
                views(a)
            assert "the last axis must be contiguous" in str(error)
            continue
        for got, view in zip(views(a), expected, strict=True):
            np.testing.assert_array_equal(got, view)
            assert got.dtype == view.dtype and np.shares_memory(got, a)


def test_views_are_written():
    @njit
    def written(a):
        bytes = a.view(np.uint8)
        for i in range(0, len(bytes), 3):
            bytes[i] = i
        return a, a.view(np.float64).sum()

    for got, expected in zip(written(np.arange(9)), written.py_func(np.arange(9)), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_views_that_there_are_not():
    with pytest.raises(ValueError, match="Changing the dtype of a 0d array"):
        views(np.array(1, "int32"))
    with pytest.raises(numir.errors.UnsupportedError, match="items are larger"):
        njit(lambda a: a.view(np.float64))(np.zeros(2, "f4"))
    with pytest.raises(numir.errors.UnsupportedError, match="multiples of more bytes"):
        njit(lambda a: a.view(np.float64))(np.zeros(2, "c8"))


@njit
def flags(a):
    by_name = a.flags.c_contiguous, a.flags.f_contiguous, a.flags.contiguous, a.flags.forc, a.flags.fnc
    by_key = a.flags["C_CONTIGUOUS"], a.flags["F"], a.flags["WRITEABLE"], a.flags["CA"], a.flags["FORTRAN"]
    return by_name, by_key, (a.flags.writeable, a.flags.aligned, a.flags.behaved, a.flags.carray)


@njit
def flags_of_any(a):
    # A layout that is not known when this is compiled.
    return flags(a[:])


def test_flags():
    for a in arrays("float32"):
        for _ in "two":
            assert flags(a) == flags.py_func(a), (a.shape, a.strides)
            if a.ndim:
                assert flags_of_any(a) == flags.py_func(a)
            a.flags.writeable = False


def test_flags_of_a_declared_layout():
    @njit("(f4[:, :],)")
    def declared(a):
        return a.flags.c_contiguous, a.flags.f_contiguous

    for a in arrays("float32", ((3, 4), (1, 5), (4, 1), (1, 1), (0, 3))):
        assert declared(a) == (a.flags.c_contiguous, a.flags.f_contiguous)


def test_flags_that_there_are_not():
    with pytest.raises(numir.errors.TypingError, match="did you mean `c_contiguous`"):
        njit(lambda a: a.flags.c_contigous)(np.zeros(2))
    with pytest.raises(KeyError, match="Unknown flag"):
        njit(lambda a: a.flags["X_CONTIGUOUS"])(np.zeros(2))
    with pytest.raises(numir.errors.TypingError):
        njit(lambda a: a.flags())(np.zeros(2))


@njit
def in_fortran_order(a):
    return np.asfortranarray(a)


def test_one_axis_in_fortran_order_is_not_copied():
    matrix = np.arange(12.0).reshape(3, 4)
    for a in (np.arange(5.0), matrix, matrix.T, np.asfortranarray(matrix), np.arange(10.0)[::2], np.ones((1, 5))):
        got, wanted = in_fortran_order(a), np.asfortranarray(a)
        if a.ndim == 1:
            assert np.shares_memory(got, a) == np.shares_memory(wanted, a)
        assert got.flags.f_contiguous
        np.testing.assert_array_equal(got, a)
