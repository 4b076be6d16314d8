"""`cmath` from the library: a grid of special values and dense samples, the powers, and the messages of its errors."""

import math

from library_values import Columns, check_errors, number, real

COUNT = 3000
GRID = (0.0, 1.0, 2.5, 0.3, 1.5e308, 1e-310, 5e-324, 709.5, 710.3, 1e154, 1e160, 1e-160, math.inf)
GRID += tuple(-value for value in GRID) + (math.nan,)
FUNCTIONS = "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh"


def test_functions(tmp_path, runner, rng):
    columns = Columns("functions")
    rows = [(complex(x, y),) for x in GRID for y in GRID] + [(number(rng),) for _ in range(COUNT)]
    for name in FUNCTIONS.split():
        columns.add(f"cmath.{name}(x)", rows, ["complex128"], "complex128", ulp=1)
    for expression in ("cmath.polar(x)[0]", "cmath.polar(x)[1]", "cmath.phase(x)"):
        columns.add(expression, rows, ["complex128"], "float64")
    for name in ("isfinite", "isinf", "isnan"):
        columns.add(f"cmath.{name}(x) + 0", rows, ["complex128"], "int64")
    columns.check(tmp_path, runner)


def test_functions_of_two(tmp_path, runner, rng):
    columns = Columns("two")
    rows = [(x, y) for x in GRID for y in GRID] + [(real(rng), rng.uniform(-7, 7)) for _ in range(COUNT)]
    columns.add("cmath.rect(x, y)", rows, ["float64"] * 2, "complex128")
    rows = [(number(rng), number(rng)) for _ in range(COUNT)]
    columns.add("cmath.log(x, y)", rows, ["complex128"] * 2, "complex128", ulp=1)
    near = [(x, x * (1 + rng.gauss(0, 1) * 1e-9)) for x, _ in rows]
    columns.add("cmath.isclose(x, y) + 0", near, ["complex128"] * 2, "int64")
    near = [(x, y) for x, y in rows if math.hypot(y.real, y.imag) < 1e300]
    columns.add("x ** y", near, ["complex128"] * 2, "complex128", ulp=1)
    rows = [(number(rng), complex(rng.randint(-103, 103))) for _ in range(COUNT)]
    columns.add("x ** y", rows, ["complex128"] * 2, "complex128", ulp=1)
    columns.check(tmp_path, runner)


ERRORS = [
    ("z", "cmath.exp(z)", (complex(1.0, math.inf),)),
    ("z", "cmath.exp(z)", (1000 + 0j,)),
    ("z", "cmath.log(z)", (0j,)),
    ("z", "cmath.log10(z)", (0j,)),
    ("z", "cmath.atanh(z)", (1 + 0j,)),
    ("z", "cmath.atan(z)", (1j,)),
    ("z", "cmath.cosh(z)", (1000 + 1j,)),
    ("z", "cmath.sin(z)", (complex(math.inf, 1.0),)),
    ("z", "cmath.tanh(z)", (complex(1.0, math.inf),)),
    ("z", "cmath.polar(z)", (complex(1.5e308, 1.5e308),)),
    ("z", "cmath.log(z, 1)", (2 + 1j,)),
    ("z", "cmath.rect(1.0, z)", (math.inf,)),
    ("z", "cmath.isclose(z, z, abs_tol=-1.0)", (1j,)),
    ("z", "0j ** z", (-1 + 0j,)),
    ("z", "z ** 3.5", (1e100j,)),
]


def test_messages(tmp_path, runner):
    check_errors(ERRORS, tmp_path, runner)
