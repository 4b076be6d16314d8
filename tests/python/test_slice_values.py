"""Slices, `...` and dtypes as values: arguments, results, globals, what they are made of and what is done with them; as in CPython."""

import itertools

import numir
import numpy as np
import pytest
from numir import njit, types

INDICES = (None, -11, -3, -1, 0, 1, 4, 10, 12)
STEPS = (None, -12, -2, -1, 1, 3, 2**40)
SLICES = [slice(*parts) for parts in itertools.product(INDICES, INDICES, STEPS)]
WHOLE = slice(None)
EVERY_OTHER = slice(1, None, 2)
BACKWARDS = slice(np.int64(3), None, -1)
SINGLE = np.dtype("f4")


def same_outcome(function, *arguments):
    """What a compiled function gives, or raises, is what it does uncompiled."""
    try:
        expected = function.py_func(*arguments)
    except Exception as error:
        with pytest.raises(type(error)) as raised:
            function(*arguments)
        assert str(raised.value).splitlines()[0] == str(error)
        return
    got = function(*arguments)
    np.testing.assert_equal(got, expected)
    # Of NumPy's scalars the caller gets Python's numbers.
    assert isinstance(expected, np.generic) or type(got) is type(expected)


@njit
def item(a, index):
    return a[index]


@njit
def same(x):
    return x


@njit
def indices(s, length):
    return s.indices(length)


@pytest.mark.parametrize("array", [np.arange(10), np.arange(11)[::-1], np.arange(0)], ids=["ten", "reversed", "none"])
def test_slices_as_arguments(array):
    for s in SLICES:
        np.testing.assert_array_equal(item(array, s), array[s], str(s))


def test_slices_come_back():
    for s in SLICES:
        assert same(s) == s
    assert same((1, slice(2), ...)) == (1, slice(2), ...)
    assert same(slice(np.uint8(3), True)) == slice(3, 1)


def test_indices():
    for s, length in itertools.product(SLICES[::3], (0, 1, 10, 2**62)):
        assert indices(s, length) == s.indices(length), (s, length)
    same_outcome(indices, slice(1, 2, 0), 3)
    same_outcome(indices, slice(1, 2), -1)
    same_outcome(indices, slice(1, 2, 0), -1)


def test_wrong_arguments_of_indices():
    with pytest.raises(numir.errors.TypingError, match="'float' object cannot be interpreted as an integer"):
        indices(slice(1), 1.5)

    @njit
    def two(s):
        return s.indices(1, 2)

    with pytest.raises(numir.errors.TypingError, match=r"indices\(\) takes exactly one argument \(2 given\)"):
        two(slice(1))


def test_a_step_of_zero():
    same_outcome(item, np.arange(3), slice(None, None, 0))


def test_parts():
    @njit
    def parts(s):
        return s.start, s.stop, s.step

    for s in SLICES[::5]:
        assert parts(s) == (s.start, s.stop, s.step)


def test_constructor():
    @njit
    def made(arguments, a):
        s = slice(*arguments)
        return s, a[s]

    for arguments in [(None,), (5,), (1, None), (None, 2), (1, 2), (None, None, 3), (10, 5, -1), (None, 5, -2)]:
        same_outcome(made, arguments, np.arange(10))
    with pytest.raises(numir.errors.TypingError, match="slice expected at least 1 argument, got 0"):
        made((), np.arange(3))
    with pytest.raises(numir.errors.TypingError, match="slice expected at most 3 arguments, got 4"):
        made((1, 2, 3, 4), np.arange(3))


def test_globals():
    @njit
    def used(a, t):
        return a[WHOLE], a[EVERY_OTHER], a[BACKWARDS], t[EVERY_OTHER], EVERY_OTHER

    same_outcome(used, np.arange(7), (1, 2.5, 3, 4.5))


def test_slices_to_other_functions():
    @njit
    def inner(a, s):
        return a[s].sum()

    @njit
    def outer(a, n):
        return inner(a, slice(1, 3)), inner(a, slice(2, None)), inner(a, slice(n)), inner(a, slice(None, None, -n))

    same_outcome(outer, np.arange(10), 4)


def test_slices_that_vary():
    @njit
    def varied(a, n):
        s = slice(1, 3)
        total = 0
        for i in range(n):
            total += a[s].sum()
            s = slice(i, i + 2)
        return total, s

    @njit
    def open_or_not(a, n):
        s = slice(n, None)
        if n > 3:
            s = slice(None, n, -1)
        return a[s], s

    for n in (0, 1, 5):
        same_outcome(varied, np.arange(10), n)
        same_outcome(open_or_not, np.arange(10), n)


def test_comparison():
    @njit
    def compared(s, t):
        return s == t, s != t, s == 3

    for s, t in itertools.product(SLICES[::40], repeat=2):
        same_outcome(compared, s, t)


def test_isinstance():
    @njit
    def classes(x):
        return isinstance(x, slice), isinstance(x, (tuple, range)), isinstance(x, int)

    for x in (slice(1), (1,), 1):
        same_outcome(classes, x)


def test_assignment_by_a_slice():
    @njit
    def assigned(a, s, value):
        a[s] = value
        a[s] += 1
        return a

    for s in (slice(1, 3), slice(None, None, 3), slice(5, None, -2)):
        same_outcome(assigned, np.arange(8), s, 9)


def test_slices_in_several_axes():
    @njit
    def part(a, s, t):
        return a[s, t], a[..., s], a[t, None]

    a = np.arange(24).reshape(4, 6)
    for s, t in itertools.product(SLICES[::50], repeat=2):
        same_outcome(part, a, s, t)


def test_parts_that_are_no_integers():
    with pytest.raises(TypeError, match="slice indices must be integers or None"):
        same(slice(1.5, 2))
    with pytest.raises(OverflowError):
        same(slice(2**70))


def test_signatures():
    @njit([(types.int64[::1], types.slice2_type), (types.int64[::1], types.slice3_type)])
    def declared(a, s):
        return a[s]

    for s in (slice(2), slice(1, None), slice(None, 5, -1), slice(1, 7, 3), slice(None)):
        np.testing.assert_array_equal(declared(np.arange(10), s), np.arange(10)[s])
    with pytest.raises(TypeError):
        declared(np.arange(10), 3)


def test_ellipsis():
    a = np.arange(6).reshape(2, 3)
    same_outcome(item, a, ...)
    same_outcome(item, a, (..., 1))
    assert same(...) is ...

    @njit(types.boolean(types.ellipsis, types.ellipsis))
    def is_same(x, y):
        return x is y

    assert is_same(..., ...)

    @njit
    def is_other(x):
        return x is ..., x is not ..., x is None

    same_outcome(is_other, ...)
    same_outcome(is_other, 3)


@pytest.mark.parametrize("name", "bool int8 uint16 int64 float16 float32 complex64 complex128".split())
def test_dtypes(name):
    @njit
    def attributes(d):
        return d.name, d.kind, d.itemsize, d.char, d.alignment, d.ndim, d.shape, d.isnative

    @njit
    def of_array(a):
        return a.dtype, np.zeros(2, a.dtype), a.dtype.type(1), a[0].dtype

    @njit
    def equal(d):
        return d == np.float32, np.float32 == d, d != np.dtype("float32"), d == SINGLE, d == "f4", d is SINGLE

    dtype = np.dtype(name)
    same_outcome(attributes, dtype)
    assert same(dtype) is dtype
    got, expected = of_array(np.ones(3, dtype)), of_array.py_func(np.ones(3, dtype))
    assert (got[0], got[3]) == (expected[0], expected[3]) and got[1].dtype == dtype
    same_outcome(equal, dtype)


def test_a_dtype_by_its_name():
    @njit
    def named():
        return np.dtype("int16"), np.dtype("<u4"), np.dtype(np.float32), np.dtype(float), np.zeros(1, "c8").dtype

    same_outcome(named)
    with pytest.raises(numir.errors.TypingError, match="data type 'floot' not understood"):
        njit(lambda: np.dtype("floot"))()


def test_a_number_in_an_array_as_index():
    for dtype in "int8 uint8 int32 uint64".split():
        same_outcome(item, np.arange(5), np.array(3, dtype))

    @njit
    def assigned(a, i):
        a[i] = 7
        a[i, ...] += 1
        return a

    same_outcome(assigned, np.arange(5), np.array(3))
    with pytest.raises(IndexError):
        item(np.arange(3), np.array(3))
