"""Arguments on their way into compiled code: every kind of array and scalar, tuples, strings, and what is refused."""

import collections
import enum

import numir
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numir import njit

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()


@njit
def same(x):
    return x


@njit
def copied(x):
    out = np.empty(x.shape, x.dtype)
    out[...] = x
    return out


@njit
def first(x):
    return x[0]


@njit
def tail(x):
    return x[1:]


@njit
def overwrite(x):
    x[0] = 7
    return x


@st.composite
def arrays(draw):
    """An array of any dtype and any layout."""
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    # Larger on every axis, so that slices have room for steps.
    whole = numbers.integers(0, 2 if dtype == np.bool_ else 100, [3 * extent + 2 for extent in shape]).astype(dtype)
    if draw(st.booleans()):
        whole = np.asfortranarray(whole)
    steps = [draw(st.sampled_from([1, 1, 2, 3, -1, -2])) for _ in shape]
    # The ellipsis keeps an array an array where there is no axis.
    array = whole[(*(slice(None, None, step) for step in steps), ...)]
    if draw(st.booleans()):
        array = array[(*map(slice, shape), ...)]
    if array.ndim > 1 and draw(st.booleans()):
        array = array.transpose(draw(st.permutations(range(array.ndim))))
    if array.size and array.ndim and draw(st.booleans()):
        array = np.broadcast_to(array[:1], (3, *array.shape[1:]))
    if draw(st.booleans()):
        array = array.view()
        array.flags.writeable = False
    return array


@settings(max_examples=150, deadline=None, derandomize=True)
@given(arrays())
def test_every_array_arrives_as_it_is(array):
    assert same(array) is array
    copy = copied(array)
    assert copy.dtype == array.dtype and copy.flags.writeable
    np.testing.assert_array_equal(copy, array)
    if array.ndim:
        rest = tail(array)
        np.testing.assert_array_equal(rest, array[1:])
        assert rest.flags.writeable == array.flags.writeable
        assert rest.size == 0 or np.shares_memory(rest, array)


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_every_scalar_arrives_as_it_is(dtype, data):
    bits = data.draw(st.binary(min_size=16, max_size=16))
    if dtype == "bool":
        bits = bytes([bits[0] & 1]) * 16
    value = np.frombuffer(bits, dtype)[0]
    result = same(value)
    assert type(result) is type(value.item())
    assert result == value or (value != value and result != result)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=3),
        lambda items: st.lists(items, max_size=3).map(tuple),
        max_leaves=6,
    )
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_nested_tuples(value):
    assert same(value) == value
    assert repr(same(value)) == repr(value)


def test_an_array_inside_a_tuple_is_the_same_object():
    array = np.arange(3.0)
    result = same((1, (array, None), "x"))
    assert result[1][0] is array


def test_strides_without_meaning_do_not_hide_an_argument():
    wide = np.zeros((5, 7))
    for array in (wide[2:3], wide[2:3, 3:4], np.empty((0, 3)), np.zeros((1, 5)).T, wide[0:0, ::2]):
        assert same(array) is array


def test_a_part_of_other_items_is_no_argument():
    numbers = np.arange(3) + 1j

    @njit
    def real(z):
        return z.real

    assert real(numbers).dtype == np.float64
    np.testing.assert_array_equal(real(numbers), numbers.real)


def test_an_array_without_axes():
    array = np.array(3.5)
    assert same(array) is array


def test_an_array_of_many_axes():
    array = np.ones((1,) * 32)
    assert same(array) is array


def test_read_only_arrays_stay_so():
    array = np.arange(4.0)
    array.flags.writeable = False
    with pytest.raises(numir.errors.TypingError, match="read-only"):
        overwrite(array)
    with pytest.raises(TypeError):
        overwrite(np.broadcast_to(1.0, (3,)))
    assert not tail(array).flags.writeable
    assert overwrite(np.arange(4.0))[0] == 7


class Instance:
    """Of a class of the program."""


def unaligned():
    return np.frombuffer(bytearray(17), dtype=np.uint8)[1:].view(np.float64)


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (unaligned(), ValueError, "unaligned"),
        (np.arange(3).astype(">i8"), TypeError, "another order"),
        (np.array([1, "a"], object), TypeError, "dtype object"),
        (np.zeros(3, [("a", "i4"), ("b", "S8")]), TypeError, "cannot be passed"),
        (np.zeros(3, "M8[25ns]"), TypeError, r"datetime64\[25ns\]"),
        (np.datetime64(1, "25s"), TypeError, "numpy.datetime64"),
        (np.array(["a"]), TypeError, "<U1"),
        (np.zeros(3, np.longdouble), TypeError, "float128"),
        (np.longdouble(3), TypeError, "longdouble"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), TypeError, "masked.*filled"),
        ([1, 2], TypeError, "list.*np.array"),
        ({}, TypeError, "dict"),
        ({1}, TypeError, "set"),
        (frozenset(), TypeError, "frozenset"),
        (b"x", TypeError, "bytes.*np.frombuffer"),
        (memoryview(b"x"), TypeError, "memoryview.*np.asarray"),
        (range(3), TypeError, "range.*np.arange"),
        (iter([1]), TypeError, "list_iterator.*np.fromiter"),
        (object(), TypeError, "object"),
        (Instance, TypeError, "object of type type.*: pass what you need of it"),
        (Instance(), TypeError, "Instance.*pass what it holds"),
        (2**64, OverflowError, "64 bits"),
        (-(2**63) - 1, OverflowError, "64 bits"),
        (10**400, OverflowError, "64 bits"),
        ("\ud800", UnicodeEncodeError, "surrogates"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else None,
)
def test_what_is_refused_says_why(value, error, words):
    with pytest.raises(error, match=words):
        same(value)
    with pytest.raises(error, match=words):
        same((1, (value,)))


def test_tuples_that_nest_too_deep():
    deep = 1
    for _ in range(100):
        deep = (deep,)
    with pytest.raises(TypeError, match="deeper"):
        same(deep)


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 3


def test_enumerations():
    assert same(Level.LOW) == 3
    assert same(Colour.RED) is Colour.RED


def test_subclasses_count_as_what_they_extend():
    for base, value in ((int, 5), (float, 2.5), (str, "text"), (complex, 1 + 2j), (tuple, (1, 2.0))):
        assert same(type("Sub", (base,), {})(value)) == value
    point = collections.namedtuple("Point", "x y")(1, 2.0)
    assert same(point) == (1, 2.0)
    assert first(point) == 1


def test_subclasses_of_arrays(tmp_path):
    class Sub(np.ndarray):
        pass

    sub = np.arange(3.0).view(Sub)
    matrix = np.arange(4.0).view(np.matrix)
    mapped = np.memmap(tmp_path / "data", shape=(3,), mode="w+")
    for array in (sub, matrix, mapped):
        assert same(array) is array
    assert type(tail(sub)) is np.ndarray
    assert overwrite(mapped)[0] == 7


class Described:
    def __init__(self, array):
        self.__array_interface__ = array.__array_interface__
        self.keep = array


class Converted:
    def __init__(self, array, copy=False):
        self.array, self.copy = array, copy

    def __array__(self, dtype=None, copy=None):
        return self.array.copy() if self.copy else self.array


class Exchanged:
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("wrapper", [Described, Converted, Exchanged])
def test_objects_with_an_array_behind_them(wrapper):
    array = np.arange(3.0)
    assert first(wrapper(array)) == 0
    overwrite(wrapper(array))
    assert array[0] == 7
    view = tail(wrapper(array))
    assert np.shares_memory(view, array)
    with pytest.raises(TypeError, match="cannot be passed"):
        same((wrapper(array),))


def test_an_array_that_had_to_be_made_is_read_only():
    assert first(Converted(np.arange(3.0), copy=True)) == 0
    with pytest.raises(numir.errors.TypingError, match="read-only"):
        overwrite(Converted(np.arange(3.0), copy=True))


def test_a_conversion_that_fails():
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("no array here")

    with pytest.raises(RuntimeError, match="no array here"):
        same(Broken())


def test_series_are_not_copied():
    import pandas

    array = np.arange(3.0)
    series = pandas.Series(array, copy=False)
    assert first(series) == 0
    assert np.shares_memory(tail(series), series.to_numpy())
    with pytest.raises(TypeError):
        same(pandas.Series(["a", "b"]))


def indexed(a, i):
    return a[i]


def stored(a, i):
    a[i] = 7


def sliced(a, i):
    return a[i:]


def counted(a, i):
    return len(range(i))


@pytest.mark.parametrize("function", [indexed, stored, counted])
@pytest.mark.parametrize("number", [2**63, 2**64 - 1, np.uint64(2**64 - 1)])
def test_a_uint64_that_is_no_index_does_not_count_from_the_end(function, number):
    array = np.arange(5)
    with pytest.raises(OverflowError):
        function(array, number)
    with pytest.raises(OverflowError, match="does not fit into an int"):
        njit(function)(array, number)
    assert array.tolist() == [0, 1, 2, 3, 4]
    assert njit(indexed)(array, np.uint64(4)) == 4
    assert njit(sliced)(array, np.uint64(3)).tolist() == [3, 4]
