"""The kernels of elementary functions: within 1 ulp of MPFR's results, C's special values, and loops that are vectorised."""

import linecache
import math
import re

import gmpy2
import numpy as np
import pytest
from gmpy2 import mpfr
from numir import njit

SAMPLES = 3000
SPECIALS = [
    0.0,
    -0.0,
    np.inf,
    -np.inf,
    np.nan,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    3.0,
    -3.0,
    1e-320,
    -1e-320,
    5e-324,
    2.0**-1022,
]
SPECIALS += [
    1e300,
    -1e300,
    1.7976931348623157e308,
    709.0,
    709.782712893384,
    709.7827128933841,
    -745.0,
    -746.0,
    1e9,
    2.0**31,
]
SPECIALS += [2.0**53, 2.0**53 + 2, 1e-45, 3.4e38, 88.8, -103.9, -104.0, 7.0, 1e22]

UNARY = {
    name: getattr(gmpy2, name)
    for name in "exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh cbrt".split()
}
BINARY = {"pow": lambda x, y: x**y, "arctan2": gmpy2.atan2, "hypot": gmpy2.hypot}
NUMPY = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}

# Between which numbers arguments are equally likely; besides them, all exponents of the domain are.
RANGES = {
    "exp": [(-746, 710), (-1, 1), (-746, -700)],
    "exp2": [(-1076, 1025), (-1, 1), (-1076, -1000)],
    "expm1": [(-40, 710), (-2, 2), (-0.4, 0.8)],
    "log": [(0.5, 2), (0.9, 1.1), (0, 5)],
    "log2": [(0.5, 2), (0.9, 1.1), (0, 5)],
    "log10": [(0.5, 2), (0.9, 1.1), (0, 5)],
    "log1p": [(-1, 3), (-0.5, 0.5)],
    "sin": [(-10, 10), (-1000, 1000), (-1e6, 1e6), (-1e12, 1e12)],
    "cos": [(-10, 10), (-1000, 1000), (-1e6, 1e6), (-1e12, 1e12)],
    "tan": [(-10, 10), (-1000, 1000), (-1e6, 1e6), (-1e12, 1e12)],
    "sinh": [(-711, 711), (-3, 3), (-0.5, 0.5)],
    "cosh": [(-711, 711), (-3, 3), (-0.5, 0.5)],
    "tanh": [(-25, 25), (-1, 1)],
    "asin": [(-1, 1), (0.45, 0.55), (0.9, 1)],
    "acos": [(-1, 1), (0.45, 0.55), (0.9, 1)],
    "atan": [(-5, 5), (0.4, 0.6), (2.4, 2.6)],
    "asinh": [(-5, 5), (-1, 1), (-1e3, 1e3)],
    "acosh": [(1, 5), (1, 1.01)],
    "atanh": [(-1, 1), (-0.5, 0.5), (0.9, 1)],
    "cbrt": [(-10, 10), (0.1, 9)],
}


@pytest.fixture
def samples(request):
    """How many arguments of each kind are tried: with --full about a million of each function."""
    return 250_000 if request.config.getoption("--full") else SAMPLES


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_number_are_within_1_ulp(name, dtype, samples):
    random = np.random.default_rng(sum(map(ord, name)))
    with np.errstate(over="ignore"):
        parts = [random.uniform(*ends, samples).astype(dtype) for ends in RANGES[name]]
    x = np.concatenate([*parts, any_float(random, dtype, samples)])
    assert_close(compiled(name), UNARY[name], [x], 1.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", BINARY)
def test_functions_of_two_numbers_are_within_1_ulp(name, dtype, samples):
    random = np.random.default_rng(sum(map(ord, name)))
    x = np.concatenate(
        [any_float(random, dtype, samples), random.uniform(-1, 1, samples), random.uniform(0.01, 100, samples)]
    )
    y = np.concatenate(
        [any_float(random, dtype, samples), random.uniform(-1, 1, samples), random.uniform(-30, 30, samples)]
    )
    x, y = x.astype(dtype), y.astype(dtype)
    if name == "pow":
        # Results of every size: exponents that take the base to the limits of the type.
        base = np.concatenate([abs(any_float(random, dtype, samples)), random.uniform(0.9, 1.1, samples).astype(dtype)])
        limit = 128 if dtype == np.float32 else 1024
        exponent = random.uniform(-1.05, 1.02, len(base)) * limit / abs(np.log2(base.astype(np.float64)) + 1e-30)
        with np.errstate(over="ignore"):
            x, y = np.concatenate([x, base]), np.concatenate([y, exponent.astype(dtype)])
    assert_close(compiled(name), BINARY[name], [x, y], 1.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["sin", "exp", "log", "tanh", "arctan2"])
def test_loops_and_calls_of_one_number_are_the_same_as_array_expressions(name, dtype):
    random = np.random.default_rng(1)
    arguments = [random.uniform(0.01, 20, 1000).astype(dtype) for _ in range(2 if name in BINARY else 1)]
    whole = compiled(name)(*arguments)
    single = compiled(name)
    assert [single(*items) for items in zip(*arguments)] == list(whole)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", [*UNARY, *BINARY])
def test_special_values_are_those_of_numpy(name, dtype):
    with np.errstate(all="ignore"):
        values = np.array(SPECIALS, np.float64).astype(dtype)
        arguments = [values] if name in UNARY else [np.repeat(values, len(values)), np.tile(values, len(values))]
        wanted = getattr(np, NUMPY.get(name, name))(*arguments)
    got = compiled(name)(*arguments)
    assert got.dtype == wanted.dtype
    is_exact = ~np.isfinite(wanted) | (wanted == 0)
    problems = [
        (*[argument[place] for argument in arguments], wanted[place], got[place])
        for place in np.flatnonzero(is_exact | ~np.isfinite(got) | (got == 0))
        if not same(wanted[place], got[place])
    ]
    assert not problems
    np.testing.assert_allclose(
        got, wanted, rtol=4 * np.finfo(dtype).eps, atol=2 * float(np.finfo(dtype).smallest_subnormal)
    )


def same(wanted, got):
    if np.isnan(wanted):
        return np.isnan(got)
    tiny = np.finfo(type(wanted)).smallest_subnormal
    is_near_0 = wanted == 0 and abs(got) <= tiny or got == 0 and abs(wanted) <= tiny
    return (wanted == got or is_near_0) and np.signbit(wanted) == np.signbit(got)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("exponent", [0.5, 2, 3, 4.0, 5, 7, 8, 15, 16, 31, 32, 33])
def test_powers_with_known_exponents(exponent, dtype):
    power = function(f"def f(x):\n    return x ** {exponent}\n")
    random = np.random.default_rng(int(exponent))
    x = np.concatenate([any_float(random, dtype), random.uniform(-3, 3, SAMPLES).astype(dtype)])
    with np.errstate(over="ignore"):
        ends = 10.0 ** (np.array([-45, -38, 38]) if dtype == np.float32 else np.array([-324, -308, 308.2])) / exponent
        x = np.concatenate([x, (random.uniform(0.9, 1.1, (SAMPLES, 3)) * ends).ravel().astype(dtype)])
    assert_close(power, lambda x: x**exponent, [x], 1.0)
    # Away from the ends of the range.
    with np.errstate(all="ignore"):
        x = x[(abs(x) ** exponent > 1e-30) & (abs(x) ** exponent < 1e30)]
    assert_close(power, lambda x: x**exponent, [x], 0.51 if exponent <= 32 else 1.0)
    with np.errstate(all="ignore"):
        values = np.array(SPECIALS, dtype)
        wanted = np.power(values, dtype(exponent))
    assert all(map(same, wanted[~np.isfinite(wanted)], power(values)[~np.isfinite(wanted)]))
    assert (np.signbit(power(values)) == np.signbit(wanted))[~np.isnan(wanted)].all()


@pytest.mark.parametrize("exponent", [0.5, 3, 4.0, 5, 33, 2.5])
def test_powers_of_python_floats_with_known_exponents(exponent):
    text = f"def f(a, out):\n    for i in range(len(a)):\n        out[i] = float(a[i]) ** {exponent}\n"
    loop = function(text)
    a = np.random.default_rng(1).uniform(0, 5, 3000)
    a[:3] = -0.0, -np.inf, np.inf
    out, wanted = np.zeros(3000), np.zeros(3000)
    loop(a, out)
    loop.py_func(a, wanted)
    np.testing.assert_allclose(out, wanted, rtol=4e-16)
    assert (np.signbit(out) == np.signbit(wanted)).all()
    if exponent > 1:
        a[2500] = 1e300
        for call in (loop, loop.py_func):
            out = np.zeros(3000)
            with pytest.raises(OverflowError) as raised:
                call(a, out)
            assert raised.value.args == (34, "Numerical result out of range")
            np.testing.assert_allclose(out[:2500], wanted[:2500], rtol=4e-16)
            assert (out[2500:] == 0).all()


@pytest.mark.parametrize("power", ["math.pow(a[i], b[i])", "float(a[i]) ** float(b[i])"])
def test_errors_of_powers_in_loops(power):
    loop = function(f"def f(a, b, out):\n    for i in range(len(a)):\n        out[i] = {power}\n")
    random = np.random.default_rng(2)
    a, b = random.uniform(0.1, 10, 5000), random.uniform(-3, 3, 5000)
    wanted = np.zeros(5000)
    loop(a, b, wanted)
    np.testing.assert_allclose(wanted, a**b, rtol=1e-15)
    # What stands beside does not change a result.
    for base, exponent in [
        (-2.0, 3.0),
        (0.0, 2.0),
        (np.inf, 0.5),
        (1e200, 1.5),
        (1.0, np.nan),
        (1e-310, 0.9),
        (2.0, 1022.5),
    ]:
        x, y, out = a.copy(), b.copy(), np.zeros(5000)
        x[3000], y[3000] = base, exponent
        loop(x, y, out)
        assert (
            same(np.float64(base) ** exponent, out[3000]) or abs(out[3000] / np.float64(base) ** exponent - 1) < 1e-15
        )
        out[3000] = wanted[3000]
        assert (out == wanted).all()
    wrong = [(0.0, -1.0), (1e200, 2.0), (-1e200, 3.0)] + ([(-2.0, 0.5)] if "math" in power else [])
    for base, exponent in wrong:
        x, y = a.copy(), b.copy()
        x[3000], y[3000] = base, exponent
        errors = []
        for call in (loop, loop.py_func):
            out = np.zeros(5000)
            with pytest.raises((ValueError, OverflowError, ZeroDivisionError)) as raised:
                call(x, y, out)
            errors.append((type(raised.value), raised.value.args))
            assert np.count_nonzero(out) == 3000
        assert errors[0] == errors[1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_powers_that_wait_for_each_other_are_those_of_c(dtype):
    chain = function("def f(a, x):\n    for i in range(len(a)):\n        x = (x + a[i]) ** a[i]\n    return x\n")
    a = np.random.default_rng(3).uniform(0.5, 1.5, 1000).astype(dtype)
    assert abs(chain(a, dtype(1.5)) / chain.py_func(a, dtype(1.5)) - 1) < 1000 * np.finfo(dtype).eps
    assert "call double @pow(" in str(chain.inspect("llvm-ir")) if dtype == np.float64 else True
    assert "_kernels_power" not in str(chain.inspect("asm"))


@pytest.mark.parametrize("name", [*UNARY, *BINARY])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loops_are_vectorised(name, dtype):
    arguments = "a[i]" if name in UNARY else "a[i], 2.5"
    assert is_vectorised(f"np.{NUMPY.get(name, name)}({arguments})", "out", dtype)


@pytest.mark.parametrize("name", ["exp", "log", "sin", "tan", "tanh", "asin", "log1p", "cosh"])
@pytest.mark.parametrize("target", ["out", "a"])
def test_loops_with_errors_of_python_are_vectorised(name, target):
    assert is_vectorised(f"math.{name}(a[i])", target, np.float64)


@pytest.mark.parametrize("power", ["math.pow(a[i], 2.5)", "float(a[i]) ** 2.5", "float(a[i]) ** 5"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loops_over_powers_with_errors_of_python_are_vectorised(power, dtype):
    assert is_vectorised(power, "out", dtype)


def is_vectorised(value, target, dtype):
    loop = function(f"def f(a, out):\n    for i in range(len(a)):\n        {target}[i] = {value}\n")
    loop(np.ones(0, dtype), np.ones(0, dtype))
    return re.search(r"@llvm\.fma\.v\d+f64\(", str(loop.inspect("llvm-ir")))


def test_errors_in_strips_leave_what_was_stored_before():
    loop = function("def f(a, out):\n    for i in range(len(a)):\n        out[i] = math.log(a[i])\n")
    a = np.full(5000, 2.0)
    a[3000] = -1.0
    for out in (np.zeros(5000), np.zeros(5001)[1:]):
        with pytest.raises(ValueError, match="math domain error"):
            loop(a, out)
        assert np.count_nonzero(out) == 3000
    # The arrays lie askew in one memory: what is written is read afterwards.
    memory = np.full(5000, 20.0)
    with pytest.raises(ValueError, match="math domain error"):
        loop(memory[:-1], memory[1:])
    wanted = [20.0]
    while wanted[-1] > 0:
        wanted.append(float(np.log(wanted[-1])))
    np.testing.assert_allclose(memory[: len(wanted)], wanted, rtol=1e-12)
    assert (memory[len(wanted) :] == 20.0).all()


FUNCTIONS = {}


def compiled(name):
    """NumPy's function, compiled."""
    if name not in FUNCTIONS:
        names = "x" if name in UNARY else "x, y"
        FUNCTIONS[name] = function(f"def f({names}):\n    return np.{NUMPY.get(name, name)}({names})\n")
    return FUNCTIONS[name]


def function(text):
    """The function `f` of a text, compiled."""
    scope, file = {"np": np, "math": math}, f"<{text}>"
    # Where the source is looked for.
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), scope)
    return njit(scope["f"])


def any_float(random, dtype, count=SAMPLES):
    """Finite numbers of all exponents, and both signs."""
    whole = np.uint32 if dtype == np.float32 else np.uint64
    numbers = random.integers(0, np.iinfo(whole).max, count, dtype=whole, endpoint=True).view(dtype)
    return np.where(np.isfinite(numbers), numbers, dtype(1.5))


def assert_close(function, exact, arguments, limit):
    got = function(*arguments)
    precision, least = (24, -149) if got.dtype == np.float32 else (53, -1074)
    worst, place = 0.0, 0
    with gmpy2.context(precision=200, emax=10**6, emin=-(10**6)):
        for index in range(len(got)):
            numbers = [mpfr(float(argument[index])) for argument in arguments]
            try:
                wanted = exact(*numbers)
            except (ValueError, ZeroDivisionError):
                continue
            if (error := distance(got[index], wanted, precision, least)) > worst:
                worst, place = error, index
    assert worst <= limit, f"{worst} ulp at {[float(argument[place]) for argument in arguments]}: {got[place]}"


def distance(got, wanted, precision, least):
    """How far a float is from a number, in units of the last place of the number."""
    if gmpy2.is_nan(wanted):
        return 0.0 if np.isnan(got) else np.inf
    if gmpy2.is_infinite(wanted) or wanted == 0:
        return 0.0 if got == float(wanted) else np.inf
    ulp = gmpy2.exp2(max(gmpy2.get_exp(wanted) - precision, least))
    if np.isinf(got):
        largest = gmpy2.exp2(128 if precision == 24 else 1024)
        return 0.0 if abs(wanted) >= largest - ulp and (got > 0) == (wanted > 0) else np.inf
    return np.inf if np.isnan(got) else float(abs(mpfr(float(got)) - wanted) / ulp)
