"""`type`, `getattr`, `hasattr`, `is` between numbers, and methods of tuples: as CPython has them."""

import numpy as np
import pytest
from numir import njit
from numir.errors import UnsupportedError


def converted(a, b):
    return type(a)(b)


def same_type(a, b):
    return type(a) is type(b)


def looked_up(a):
    return (
        getattr(a, "imag", 7),
        getattr(a, "no_such", 7),
        hasattr(a, "real"),
        hasattr(a, "shape"),
        hasattr(a, "__len__"),
    )


def identical(a, b):
    return a is b, a is not b


def position(elements, value):
    return elements.index(value)


def part(elements, value, start, stop):
    return elements.index(value, start, stop)


def occurrences(elements, value):
    return elements.count(value)


TUPLES = [((3, 1, 2, 1), 1), ((3, 1, 2), 4), ((1, 2.5, 3j), 2.5), ((), 1), ((True, 2), 1), ((float("nan"),), 1.0)]


@pytest.mark.parametrize("arguments", [(1.5, 2), (1, 2.5), (1.5j, 2), (True, 2), (2.5j, False), (0, True)])
def test_the_type_of_a_number_converts(arguments):
    expected = converted(*arguments)
    found = njit(converted)(*arguments)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("arguments", [(1, 2), (1, 2.0), ((1,), (2, 3)), ("a", "b"), (True, 1)])
def test_types_are_the_same_or_not(arguments):
    assert njit(same_type)(*arguments) is same_type(*arguments)


@pytest.mark.parametrize("value", [1, 2.5, 3j, np.float32(2), np.int8(3)])
def test_attributes_by_name(value):
    assert njit(looked_up)(value) == looked_up(value)


def test_an_attribute_of_a_module():
    assert njit(lambda: getattr(np, "pi"))() == np.pi  # noqa: B009 - that is what is tested


def test_no_attribute_is_an_error_when_it_is_asked_for():
    with pytest.raises(AttributeError, match="'float' object has no attribute 'no_such'"):
        njit(lambda a: getattr(a, "no_such"))(1.5)  # noqa: B009 - that is what is tested


def test_what_is_not_compiled_is_not_taken_to_be_missing():
    with pytest.raises(UnsupportedError, match="tobytes"):
        njit(lambda a: getattr(a, "tobytes", 1))(np.ones(2))
    assert njit(lambda a: hasattr(a, "tobytes"))(np.ones(2)) is True


@pytest.mark.parametrize("arguments", [(3, 3), (3, 4), (True, True), (True, 1), (1, 1.0), (2, None)])
def test_numbers_are_the_same_if_they_are_of_one_type_and_equal(arguments):
    a, b = arguments
    expected = type(a) is type(b) and a == b
    assert njit(identical)(a, b) == (expected, not expected)


@pytest.mark.parametrize("elements, value", TUPLES)
def test_methods_of_tuples(elements, value):
    assert njit(occurrences)(elements, value) == elements.count(value)
    if value in elements:
        assert njit(position)(elements, value) == elements.index(value)
    else:
        with pytest.raises(ValueError, match=r"tuple.index\(x\): x not in tuple"):
            njit(position)(elements, value)


@pytest.mark.parametrize("start", [-5, -2, 0, 1, 2, 9])
@pytest.mark.parametrize("stop", [-5, -1, 0, 3, 9])
def test_index_within_a_part(start, stop):
    elements = (5, 6, 5, 7)
    try:
        expected = elements.index(5, start, stop)
    except ValueError:
        with pytest.raises(ValueError, match="not in tuple"):
            njit(part)(elements, 5, start, stop)
    else:
        assert njit(part)(elements, 5, start, stop) == expected


def test_enumerate_starts_at_an_integer():
    @njit
    def counted():
        total = 0
        for _i, x in enumerate((1, 2), 1.5):
            total += x
        return total

    with pytest.raises(TypeError, match="start value in enumerate, not float"):
        counted()


def test_the_name_of_the_argument_of_str():
    assert njit(lambda: str(object="a"))() == "a"


@pytest.mark.parametrize("value", [1, 2.5, 3 - 4j, np.array([1 + 2j, 3.0]), np.array([1.0, 2.0])])
def test_real_and_imaginary_parts(value):
    real, imag = njit(lambda z: (np.real(z), np.imag(z)))(value)
    assert np.array_equal(real, np.real(value)) and np.array_equal(imag, np.imag(value))


HELD = (np.zeros(3), 1)


def test_an_array_in_a_global_tuple_is_the_array_itself():
    @njit
    def write():
        HELD[0][1] = 5.0

    write()
    assert HELD[0][1] == 5.0
