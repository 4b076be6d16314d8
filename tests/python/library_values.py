"""Many numbers at once for the tests of the library: loops over arrays, compared item by item with CPython."""

import math
import struct

import numpy as np

from harness import reference
from harness.matrix import Matrix, check

SPECIAL = (0.0, 0.5, 1.0, 2.0, 3.0, 3.5, 1e-300, 5e-324, 2.2250738585072014e-308, 1e-310, 1e300, 1.7976931348623157e308)
SPECIAL += (math.inf, math.nan, 1e-20, 9e-21, 22.0, 23.0, 24.0, 140.5, 171.5, 171.7, 200.3, 201.5, 710.0, 745.2, 1024.0)
SPECIAL += (4.5, 5.0, 6.0, 1e22, 0.1, math.pi, 708.5, 1e154, 1e-160)
SPECIAL += tuple(-value for value in SPECIAL)


def real(rng):
    """A float of any kind, near 1 more often than not."""
    choice = rng.random()
    if choice < 0.1:
        return rng.choice(SPECIAL)
    if choice < 0.4:
        return rng.gauss(0, 1)
    if choice < 0.6:
        return rng.uniform(-25, 25)
    if choice < 0.75:
        return rng.uniform(-180, 180)
    if choice < 0.9:
        return rng.choice((-1, 1)) * math.exp(rng.uniform(-700, 700))
    return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]


def number(rng):
    """A complex number: anything, ordinary, or near 1, -1, i, -i."""
    choice = rng.random()
    if choice < 0.4:
        return complex(real(rng), real(rng))
    size = 10.0 ** rng.randint(-3, 3) if choice < 0.7 else 1.0
    z = complex(rng.gauss(0, 1) * size, rng.gauss(0, 1) * size)
    return rng.choice((1, -1, 1j, -1j)) + z * 10.0 ** rng.randint(-12, -3) if choice > 0.9 else z


class Columns:
    """Expressions of x, y, …, each evaluated on many rows in one loop of a compiled function."""

    def __init__(self, name):
        self.matrix = Matrix(name)

    def add(self, expression, rows, dtypes, result, ulp=0):
        """The rows on which CPython raises are left out. `result` is the dtype of what comes out."""
        names = "xyzw"[: len(dtypes)]
        compute = eval(f"lambda {', '.join(names)}: {expression}", {"math": math, "cmath": __import__("cmath")})
        kept = [row for row in rows if succeeds(compute, row)]
        assert kept, f"{expression} raises on all rows"
        columns = [np.array(column, dtype) for column, dtype in zip(zip(*kept), dtypes)]
        items = ", ".join(f"{name}[i]" for name in names)
        body = f"""
            out = np.empty(len(x), np.{result})
            for i in range(len(x)):
                out[i] = f({items})
            return out
        """
        kinds = {"float64": "float", "int64": "int", "complex128": "complex"}
        converted = ", ".join(f"{kinds[dtype]}({name}[i])" for name, dtype in zip(names, dtypes))
        body = body.replace(f"f({items})", f"(lambda {', '.join(names)}: {expression})({converted})")
        self.matrix.add(", ".join(names), body, tuple(columns), ulp=ulp)

    def check(self, tmp_path, runner):
        """Fails with what is different."""
        found, _ = check(self.matrix, tmp_path, runner)
        shown = "\n\n".join(line[-600:] for line in found[:20])
        assert not found, f"{len(found)} functions differ:\n\n{shown}"


def succeeds(compute, row):
    """Whether CPython gives a real or complex number of 64 bits."""
    try:
        value = compute(*row)
    except (ArithmeticError, ValueError):
        return False
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def check_errors(calls, tmp_path, runner):
    """Each (parameters, expression, arguments) raises the same exception with the same message."""
    matrix = Matrix("errors")
    for parameters, expression, arguments in calls:
        matrix.expression(parameters, expression, arguments)
    cases = [case for case, _ in matrix.cases(tmp_path)[0]]
    for call, case, outcome in zip(calls, cases, runner.run(cases), strict=True):
        wanted = reference.run(case).error
        assert wanted is not None, f"{call} raises nothing in CPython"
        assert outcome.error is not None, f"{call} raises nothing"
        assert (outcome.error.type, outcome.error.message) == (wanted.type, wanted.message), call
