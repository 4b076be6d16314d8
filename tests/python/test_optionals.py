"""Values that may be None: used where they are there, and TypeError where they are not."""

import numpy as np
import pytest
from numir import njit


def maybe(value, there):
    result = None
    if there:
        result = value
    return result


maybe_compiled = njit(maybe)


def item(value, there):
    return maybe_compiled(value, there)[1]


def attribute(value, there):
    return maybe_compiled(value, there).shape[0]


def unpacked(value, there):
    a, b = maybe_compiled(value, there)
    return a + 2 * b


def stored(value, there):
    array = maybe_compiled(value, there)
    array[0] = 5.0
    return array[0]


def compared(value, there):
    return maybe_compiled(value, there) < 3


def added(value, there):
    return maybe_compiled(value, there) + 1


def narrowed(value, there):
    found = maybe_compiled(value, there)
    if found is None:
        return -1.0
    return found[0]


PAIR = (4, 5)
ARRAY = np.array([1.0, 2.0])
USES = [
    (item, PAIR),
    (item, ARRAY),
    (attribute, ARRAY),
    (unpacked, PAIR),
    (stored, ARRAY),
    (compared, 2),
    (compared, 3.5),
]
USES += [(added, 1), (added, 2.5)]


@pytest.mark.parametrize("function, value", USES)
def test_a_value_that_is_there(function, value):
    found = njit(function)(value, True)
    assert found == function(value, True)


@pytest.mark.parametrize("function, value", USES)
def test_none_in_its_place(function, value):
    with pytest.raises(TypeError, match="NoneType"):
        njit(function)(value, False)


def test_whole_arrays():
    found = njit(added)(ARRAY, True)
    assert (found == ARRAY + 1).all()


@pytest.mark.parametrize("there", [True, False])
def test_what_was_told_from_none(there):
    assert njit(narrowed)(ARRAY, there) == (ARRAY[0] if there else -1.0)
