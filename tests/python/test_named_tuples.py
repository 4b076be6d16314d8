"""Named tuples: as arguments, results, globals; made, read and replaced in compiled code."""

import pickle
import subprocess
import sys
from collections import namedtuple
from typing import NamedTuple

import numpy as np
import pytest
from numir import njit, typeof, types
from numir.errors import NumbaTypeError, TypingError

Point = namedtuple("Point", "x y z", defaults=(7,))
Empty = namedtuple("Empty", ())


class Body(NamedTuple):
    mass: float
    position: Point
    name: str = "body"


ORIGIN = Point(0, 0.5, 1j)


def make(a, b):
    return Point(a, b)


def by_keywords(a, b):
    return Point(z=b, y=a, x=(a, b))


def fields(point):
    return point.x + point.y * point.z, len(point), point[0], point[-1], point._fields, Point._fields


def global_tuple():
    return ORIGIN, ORIGIN.y + ORIGIN[0]


def replaced(body):
    return body._replace(position=body.position._replace(x=2.5)), body.name


def chosen(condition, a):
    point = Point(a, a, 1) if condition else Point(a + 1, 2, 3)
    return point, point == Point(1, 1, 1), point == (1, 1, 1), point < (2, 2)


def classes(point):
    return isinstance(point, Point), isinstance(point, tuple), isinstance(point, Body), isinstance((1, 2), Point)


def of_its_type(point):
    return type(point)(1, 2, 3), Point._make((1, 2, 3))


def maybe(condition):
    if condition:
        return Point(1, 2, 3)
    return None


def as_a_tuple(point):
    a, *rest = point
    return point + (1,), point[1:], point * 2, tuple(point), a, rest[0], point.index(2), point.count(2), 2 in point


def looped(n):
    point = Point(0, 0.0, 1)
    for i in range(n):
        point = Point(point.x + i, point.y + 0.5, z=point.z)
    return point


def same(value):
    return value


CASES = [
    (make, (1, 2.5)),
    (make, (1j, None)),
    (by_keywords, (1, 2.5)),
    (fields, (Point(1, 2.5, 3),)),
    (global_tuple, ()),
    (replaced, (Body(1.0, Point(1.0, 2, 3)),)),
    (chosen, (True, 1)),
    (chosen, (False, 1)),
    (classes, (Point(1, 2, 3),)),
    (of_its_type, (Point(1, 2, 3),)),
    (maybe, (True,)),
    (maybe, (False,)),
    (as_a_tuple, (Point(1, 2, 3),)),
    (looped, (5,)),
    (same, (Empty(),)),
    (same, ((1, Point(1, (2, Empty()), None)),)),
    (same, ((1, 2, 3),)),
]


def typed(value):
    """A value with the classes of all its parts."""
    return type(value), tuple(map(typed, value)) if isinstance(value, tuple) else value


@pytest.mark.parametrize("function, arguments", CASES, ids=[f"{case[0].__name__}{case[1]}" for case in CASES])
def test_as_cpython(function, arguments):
    assert typed(njit(function)(*arguments)) == typed(function(*arguments))


def test_arrays_in_named_tuples_are_shared():
    @njit
    def fill(point):
        point.x[:] = point.y
        return Point(point.x, np.zeros(2), point.x[1:])

    given = Point(np.zeros(3), 4.0)
    result = fill(given)
    assert result.x is given.x and result.x.tolist() == [4.0] * 3 and result.z.base is given.x


def test_classes_tell_specialisations_apart():
    identity = njit(same)
    Other = namedtuple("Point", "x y z", defaults=(7,))
    values = [Point(1, 2), (1, 2, 7), Other(1, 2), Point(1, 2.5)]
    assert [type(identity(value)) for value in values] == [Point, tuple, Other, Point]
    assert [parameters[0] for parameters in identity.signatures] == [typeof(value) for value in values]


def test_declared():
    ty = types.NamedTuple((types.int64, types.float64, types.int64), Point)
    declared = njit(ty(ty))(same)
    assert typed(declared(Point(1, 2.5, 3))) == typed(Point(1, 2.5, 3))
    with pytest.raises(TypeError, match=r"No matching definition .* \(Point\(x: int, y: float, z: int\)\)"):
        declared((1, 2.5, 3))


def test_printed(capfd):
    @njit
    def show(point):
        print(point, (point,), Empty())

    show(Point(1, "a", 2.5))
    assert capfd.readouterr().out == "Point(x=1, y='a', z=2.5) (Point(x=1, y='a', z=2.5),) Empty()\n"


WRONG = [
    (lambda: Point(1), TypeError, "missing 1 required argument: 'y'"),
    (lambda: Point(1, 2, 3, 4), TypeError, "takes 3 positional arguments but 4 were given"),
    (lambda: Point(1, w=2), TypeError, "unexpected keyword argument 'w'"),
    (lambda: Point(1, 2, x=2), TypeError, "multiple values for argument 'x'"),
    (lambda: ORIGIN._replace(w=2), TypeError, "unexpected keyword argument 'w'"),
    (lambda: Point._make((1, 2)), TypeError, "Expected 3 arguments, got 2"),
    (lambda: ORIGIN.w, TypingError, "no attribute 'w'"),
]


@pytest.mark.parametrize("function, kind, message", WRONG, ids=[message for _, _, message in WRONG])
def test_wrong_uses(function, kind, message):
    with pytest.raises((kind, NumbaTypeError), match=message):
        njit(function)()


def test_a_named_tuple_does_not_meet_a_plain_one():
    with pytest.raises(TypingError, match=r"Point\(x: int, y: int, z: int\) and \(int, int, int\)"):
        njit(lambda c: Point(1, 2, 3) if c else (1, 2, 3))(True)


def test_pickled():
    assert typed(pickle.loads(pickle.dumps(njit(make)))(1, 2)) == typed(Point(1, 2))


PROGRAM = """
from collections import namedtuple
from numir import njit
Point = namedtuple("Point", "x {field}")
@njit
def callee(a):
    return Point(a, a * 2)
@njit(cache=True)
def made(a):
    return callee(a)
@njit(cache=True)
def moved(point):
    return point._replace(x=point.x + 1)
print(made(1), moved(Point(1, 2.5)), [*made.stats.values()][0].keys() & {{"cache"}})
"""


def test_cached(tmp_path):
    file = tmp_path / "cached.py"
    outputs = []
    for field in ("y", "y", "z"):
        file.write_text(PROGRAM.format(field=field))
        command = [sys.executable, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    expected = [f"Point(x=1, {field}=2) Point(x=2, {field}=2.5) " for field in ("y", "y", "z")]
    assert outputs == [expected[0] + "set()\n", expected[1] + "{'cache'}\n", expected[2] + "set()\n"]
