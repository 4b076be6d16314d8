"""`math` from the library: dense samples to the last bit, exact sums, 64-bit integers, and the messages of its errors."""

import math

import pytest

from library_values import SPECIAL, Columns, check_errors, real

COUNT = 3000
ONE = "acos acosh asin asinh atan atanh cbrt cos cosh degrees erf erfc exp exp2 expm1 fabs gamma lgamma log log10 log1p"
ONE += " log2 radians sin sinh sqrt tan tanh ulp"
# Kernels are within 1 ulp of the exact value, and so is what they are compared with; glibc's hyperbolic functions are within 2,
# and its cube root is up to 3.7 off.
KERNELS = (
    "acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp exp2 expm1 log log10 log1p log2 pow sin sinh tan tanh"
)
TWO = "atan2 copysign fmod log nextafter pow remainder"


def ulp(name):
    if name not in KERNELS.split():
        return 0
    return 4 if name == "cbrt" else 3 if name.endswith("h") else 2


def test_functions_of_one_float(tmp_path, runner, rng):
    columns = Columns("one")
    for name in ONE.split():
        rows = [(value,) for value in SPECIAL] + [(real(rng),) for _ in range(COUNT)]
        columns.add(f"math.{name}(x)", rows, ["float64"], "float64", ulp=ulp(name))
        columns.add(f"math.{name}(x)", [(n,) for n in range(-60, 60)], ["int64"], "float64", ulp=ulp(name))
    for name in ("floor", "ceil", "trunc"):
        columns.add(f"math.{name}(x)", [(rng.gauss(0, 1e6),) for _ in range(COUNT)], ["float64"], "int64")
    columns.check(tmp_path, runner)


def test_functions_of_two_floats(tmp_path, runner, rng):
    columns = Columns("two")
    rows = [(real(rng), real(rng)) for _ in range(COUNT)]
    for name in TWO.split():
        # The quotient of two logarithms doubles their errors.
        columns.add(f"math.{name}(x, y)", rows, ["float64"] * 2, "float64", ulp=4 if name == "log" else ulp(name))
    columns.add("math.hypot(x, y)", rows, ["float64"] * 2, "float64", ulp=1)
    columns.add(
        "math.isclose(x, y) + 0", [(x, x * (1 + rng.gauss(0, 1e-9))) for x, _ in rows], ["float64"] * 2, "int64"
    )
    columns.add(
        "x ** y", [row for row in rows if row[0] >= 0 or row[1].is_integer()], ["float64"] * 2, "float64", ulp=2
    )
    columns.check(tmp_path, runner)


def test_parts_of_floats(tmp_path, runner, rng):
    columns = Columns("parts")
    rows = [(value,) for value in SPECIAL] + [(real(rng),) for _ in range(COUNT)]
    for expression in ("math.frexp(x)[0]", "math.modf(x)[0]", "math.modf(x)[1]"):
        columns.add(expression, rows, ["float64"], "float64")
    columns.add("math.frexp(x)[1]", rows, ["float64"], "int64")
    powers = [0, 1, -1, 1023, 1024, -1022, -1074, 2**62, -(2**63)]
    rows = [(real(rng), rng.choice(powers + [rng.randint(-2200, 2200)])) for _ in range(COUNT)]
    columns.add("math.ldexp(x, y)", rows, ["float64", "int64"], "float64")
    columns.check(tmp_path, runner)


def test_integers(tmp_path, runner, rng):
    columns = Columns("integers")
    large = (2**63 - 1, -(2**63), 3037000499**2, 3037000499**2 - 1)

    def integer():
        return rng.choice((rng.randint(-100, 100), rng.randint(-(2**63), 2**63 - 1), rng.choice(large), 6 * 2**40))

    rows = [(integer(), integer(), integer()) for _ in range(COUNT)]
    columns.add("math.gcd(x, y, z)", rows, ["int64"] * 3, "int64")
    columns.add("math.lcm(x % 10000, y % 1000, z % 100)", rows, ["int64"] * 3, "int64")
    columns.add("math.isqrt(x)", [row[:1] for row in rows], ["int64"], "int64")
    columns.add("math.factorial(x)", [(n,) for n in range(21)], ["int64"], "int64")
    small = [(rng.randint(0, 80), rng.randint(0, 80)) for _ in range(COUNT)] + [(2**62, 1), (2**40, 0), (66, 33)]
    columns.add("math.comb(x, y)", small, ["int64"] * 2, "int64")
    columns.add("math.perm(x, y)", small, ["int64"] * 2, "int64")
    columns.check(tmp_path, runner)


def test_norms(tmp_path, runner, rng):
    columns = Columns("norms")
    rows = []
    for _ in range(COUNT):
        size = rng.choice((1, 1e-320, 1e-160, 1e155, 1e300, 1e308))
        rows.append(tuple(rng.gauss(0, 1) * size * rng.choice((1, 1, 1e-8, 0)) for _ in range(4)))
    rows += [
        (math.inf, math.nan, 1.0, 2.0),
        (math.nan, 0.0, 0.0, 0.0),
        (0.0, 0.0, -0.0, 0.0),
        (1.0, -math.inf, 0.0, 0.0),
    ]
    columns.add("math.hypot(x, y, z, w)", rows, ["float64"] * 4, "float64")
    columns.add("math.hypot(x, y, z)", [row[:3] for row in rows], ["float64"] * 3, "float64")
    columns.add("math.hypot(x)", [row[:1] for row in rows], ["float64"], "float64")
    columns.add("math.dist((x, y), (z, w))", rows, ["float64"] * 4, "float64")
    columns.check(tmp_path, runner)


def test_sums_are_exact(tmp_path, runner, rng):
    columns = Columns("sums")
    rows = [tuple(rng.gauss(0, 1) * 2.0 ** rng.choice((0, 53, 54, -53, 106)) for _ in range(4)) for _ in range(COUNT)]
    rows += [(1e16, 1.0, 1e-16, 0.0), (1e16, 1.0, -1e-16, 0.0), (1e308, 1.0, -1e308, 0.0), (math.inf, 1.0, 2.0, 3.0)]
    columns.add("math.fsum((x, y, z, w, -x, y))", rows, ["float64"] * 4, "float64")
    columns.add("math.prod((x, y), start=3)", [row[:2] for row in rows], ["float64"] * 2, "float64")
    columns.check(tmp_path, runner)


ERRORS = [
    ("x", "math.sqrt(x)", (-1.0,)),
    ("x", "math.sin(x)", (math.inf,)),
    ("x", "math.exp(x)", (710.0,)),
    ("x", "math.cosh(x)", (-711.0,)),
    ("x", "math.acos(x)", (1.5,)),
    ("x", "math.atanh(x)", (1.0,)),
    ("x", "math.log(x)", (0.0,)),
    ("x, y", "math.log(x, y)", (2.0, 1.0)),
    ("x", "math.log1p(x)", (-1.0,)),
    ("x, y", "math.pow(x, y)", (0.0, -1.0)),
    ("x, y", "math.pow(x, y)", (-8.0, 0.5)),
    ("x, y", "math.pow(x, y)", (10.0, 400.0)),
    ("x, y", "x ** y", (10.0, 400.0)),
    ("x, y", "x ** y", (0.0, -1.0)),
    ("x, y", "math.fmod(x, y)", (1.0, 0.0)),
    ("x, y", "math.remainder(x, y)", (math.inf, 2.0)),
    ("x", "math.gamma(x)", (-1.0,)),
    ("x", "math.gamma(x)", (0.0,)),
    ("x", "math.gamma(x)", (172.0,)),
    ("x", "math.lgamma(x)", (-3.0,)),
    ("x", "math.lgamma(x)", (1e307,)),
    ("x", "math.floor(x)", (math.nan,)),
    ("x, y", "math.ldexp(x, y)", (1.0, 1024)),
    ("x", "math.isclose(x, x, rel_tol=-1.0)", (1.0,)),
    ("x", "math.factorial(x)", (-1,)),
    ("x, y", "math.comb(x, y)", (-1, 2)),
    ("x, y", "math.comb(x, y)", (1, -2)),
    ("x, y", "math.perm(x, y)", (1, -2)),
    ("x", "math.isqrt(x)", (-1,)),
    ("x", "math.fsum((x, -x))", (math.inf,)),
    ("x", "math.fsum((x, x))", (1.7e308,)),
    ("x", "math.dist((x,), (x, x))", (1.0,)),
]


def test_messages(tmp_path, runner):
    check_errors(ERRORS, tmp_path, runner)


@pytest.mark.parametrize(
    "expression", ["math.factorial(21)", "math.comb(70, 35)", "math.perm(30, 20)", "math.lcm(x, x - 1)"]
)
def test_what_64_bits_cannot_hold_raises(tmp_path, runner, expression):
    columns = Columns("overflow")
    columns.matrix.expression("x", expression, (2**62 + 1,))
    case = columns.matrix.cases(tmp_path)[0][0][0]
    assert runner.run([case])[0].error.type == "OverflowError"
