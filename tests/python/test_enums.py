"""Enumerations: members as arguments, results and globals; compared, by name and by value."""

import enum

import numpy as np
import pytest
from numir import njit, typeof, types
from numir.errors import TypingError, UnsupportedError


class Colour(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Mixed(enum.Enum):
    ONE = 1
    HALF = 0.5
    NAME = "name"
    PAIR = (3.0, 4)


class Shape(enum.IntEnum):
    SQUARE = 4
    CIRCLE = 500


class Right(enum.Flag):
    READ = 1
    WRITE = 2


def same(value):
    return value


def value_of(member):
    return member.value


def is_red(member):
    return member is Colour.RED, member == Colour.RED, member != Colour.GREEN, member is not Colour.BLUE, bool(member)


def constants():
    return Mixed.ONE.value, Mixed.HALF.value, Mixed.PAIR.value[1], Mixed["NAME"].value, Colour.RED == Colour.BLUE


def unlike(member):
    return member == 1, member == Mixed.ONE, member != Mixed.ONE, member is None


def chosen(condition):
    return Colour.RED if condition else Colour.BLUE


def branches(condition):
    colour = Colour.RED
    if condition:
        colour = Colour.GREEN
    if colour == Colour.RED:
        return 1
    elif colour is Colour.GREEN:
        return 2
    return 3


def maybe(n):
    return Colour.GREEN if n > 0 else None


def shapes(n):
    return n + Shape.SQUARE, Shape.CIRCLE == 500


CASES = [
    *[(same, (member,)) for member in (*Colour, *Mixed, *Right, (Colour.RED, (Colour.BLUE, 1)))],
    *[(value_of, (member,)) for member in (*Colour, *Mixed)],
    *[(is_red, (member,)) for member in (Colour.RED, Colour.GREEN, Mixed.ONE)],
    (constants, ()),
    (unlike, (Colour.RED,)),
    (chosen, (True,)),
    (chosen, (False,)),
    (branches, (True,)),
    (branches, (False,)),
    (maybe, (1,)),
    (maybe, (-1,)),
    (shapes, (1,)),
]


@pytest.mark.parametrize("function, arguments", CASES, ids=[f"{case[0].__name__}{case[1]}" for case in CASES])
def test_as_cpython(function, arguments):
    result, expected = njit(function)(*arguments), function(*arguments)
    assert result == expected
    assert type(result) is type(expected)


def test_one_specialisation_for_all_members_of_a_class():
    identity = njit(same)
    assert [identity(member) for member in Colour] == list(Colour)
    assert identity.signatures == [(typeof(Colour.RED),)] == [(types.EnumMember(Colour, types.int64),)]
    # Values of another type are members of another type.
    assert identity(Mixed.HALF) is Mixed.HALF and identity(Mixed.ONE) is Mixed.ONE
    assert len(identity.signatures) == 3


def test_declared():
    declared = njit((types.EnumMember(Colour, types.int64),))(value_of)
    assert declared(Colour.BLUE) == 3
    with pytest.raises(TypeError, match="No matching definition"):
        declared(3)


def test_arrays_of_what_members_choose():
    @njit
    def count(codes, colour):
        total = 0
        for code in codes:
            if code == colour.value:
                total += 1
        return total

    assert count(np.array([1, 2, 1]), Colour.RED) == 2


class Holder(enum.Enum):
    ARRAY = np.zeros(2)


WRONG = [
    (lambda: Colour["NONE"], KeyError, "NONE"),
    (lambda: Colour(1), TypingError, "not callable"),
    (lambda: Colour.RED < Colour.BLUE, TypeError, "not supported between"),
    (lambda: Colour.RED + 1, TypeError, "unsupported operand"),
    (lambda: Colour.NONE, UnsupportedError, "no attribute 'NONE'"),
]


@pytest.mark.parametrize("function, kind, message", WRONG, ids=[message for _, _, message in WRONG])
def test_wrong_uses(function, kind, message):
    with pytest.raises(kind, match=message):
        njit(function)()
