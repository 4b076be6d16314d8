"""`numir.cuda.libdevice`: each function against Python's numbers, exact or to few units in the last place; and libdevice's own code in kernels for a GPU."""

import math
from fractions import Fraction

import numir
import numpy as np
import pytest
from numir import cuda
from numir.cuda import libdevice

from harness.device import SIM, defined
from harness.ptx import assemble
from libdevice_types import RESULTS, SIGNATURES

DTYPES = {"f": np.float32, "d": np.float64, "i": np.int32, "l": np.int64, "h": np.int16}

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.5, 3.25, 1e-3, 0.7, -0.3, 17.8, 123.456, -1e6, 1e30, 3e-30]
EDGES = [*FLOATS, math.inf, -math.inf, math.nan]
HUGE = [*EDGES, 3e38, -3e38, 1e-45, -1e-45, 1e308, -1e308, 5e-324, 2.2250738585072014e-308, 1e-300, 1e300]
INTS = [0, 1, -1, 2, 7, -8, 255, 4096, -65536, 123456789, -2147483648, 2147483647]
LONGS = [*INTS, 2**40 + 12345, -(2**53) - 1, 2**62 + 1, 2**63 - 1, -(2**63)]


def called(name, letters, columns, results=1):
    """What a function gives for rows of arguments, on the simulator or a GPU."""
    arguments = ", ".join(f"a{place}[i]" for place in range(len(letters)))
    outs = ", ".join(f"out{place}[i]" for place in range(results))
    parameters = ", ".join([f"a{place}" for place in range(len(letters))] + [f"out{place}" for place in range(results)])
    source = (
        f"def kernel({parameters}):\n"
        f"    i = cuda.grid(1)\n"
        f"    if i < a0.size:\n"
        f"        {outs} = libdevice.{name}({arguments})\n"
    )
    kernel = cuda.jit(**SIM)(defined(source, "kernel", cuda=cuda, libdevice=libdevice))
    with np.errstate(all="ignore"):
        given = [np.array(column, DTYPES[letter]) for column, letter in zip(columns, letters)]
    told = [np.zeros(len(given[0]), np.float64 if letter in "fd" else np.int64) for letter in RESULTS[name]]
    kernel.forall(len(given[0]))(*given, *told)
    return given, told


def rows(letters, values):
    """All combinations of values for the parameters."""
    grids = np.meshgrid(*[np.arange(len(values[letter])) for letter in letters], indexing="ij")
    return [[values[letter][k] for k in grid.ravel()] for letter, grid in zip(letters, grids)]


def _u(x):
    return int(x) % 2**32


def _signed(x, bits=32):
    return (int(x) + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)


def _byte_perm(x, y, s):
    both = (_u(x) | _u(y) << 32).to_bytes(8, "little")
    return _signed(int.from_bytes(bytes(both[(_u(s) >> (4 * k)) & 7] for k in range(4)), "little"))


INTEGERS = {
    "abs": ("i", lambda x: _signed(abs(x))),
    "llabs": ("l", lambda x: _signed(abs(x), 64)),
    "brev": ("i", lambda x: _signed(int(f"{_u(x):032b}"[::-1], 2))),
    "brevll": ("l", lambda x: _signed(int(f"{x % 2**64:064b}"[::-1], 2), 64)),
    "byte_perm": ("iii", _byte_perm),
    "clz": ("i", lambda x: 32 - _u(x).bit_length()),
    "clzll": ("l", lambda x: 64 - (x % 2**64).bit_length()),
    "ffs": ("i", lambda x: (_u(x) & -_u(x)).bit_length()),
    "ffsll": ("l", lambda x: (x % 2**64 & -(x % 2**64)).bit_length()),
    "hadd": ("ii", lambda x, y: (x + y) >> 1),
    "rhadd": ("ii", lambda x, y: (x + y + 1) >> 1),
    "uhadd": ("ii", lambda x, y: _signed((_u(x) + _u(y)) >> 1)),
    "urhadd": ("ii", lambda x, y: _signed((_u(x) + _u(y) + 1) >> 1)),
    "max": ("ii", max),
    "min": ("ii", min),
    "llmax": ("ll", max),
    "llmin": ("ll", min),
    "umax": ("ii", lambda x, y: max(x, y, key=_u)),
    "umin": ("ii", lambda x, y: min(x, y, key=_u)),
    "ullmax": ("ll", lambda x, y: max(x, y, key=lambda z: z % 2**64)),
    "ullmin": ("ll", lambda x, y: min(x, y, key=lambda z: z % 2**64)),
    "mul24": ("ii", lambda x, y: _signed(_signed(x, 24) * _signed(y, 24))),
    "umul24": ("ii", lambda x, y: _signed((x % 2**24) * (y % 2**24))),
    "mulhi": ("ii", lambda x, y: (x * y) >> 32),
    "umulhi": ("ii", lambda x, y: _signed((_u(x) * _u(y)) >> 32)),
    "mul64hi": ("ll", lambda x, y: (x * y) >> 64),
    "umul64hi": ("ll", lambda x, y: _signed(((x % 2**64) * (y % 2**64)) >> 64, 64)),
    "popc": ("i", lambda x: _u(x).bit_count()),
    "popcll": ("l", lambda x: (x % 2**64).bit_count()),
    "sad": ("iii", lambda x, y, z: _signed(abs(x - y) + z)),
    "usad": ("iii", lambda x, y, z: _signed(abs(_u(x) - _u(y)) + z)),
}


class TestIntegers:
    @pytest.mark.parametrize("name", INTEGERS)
    def test_as_python_computes(self, name):
        letters, meaning = INTEGERS[name]
        values = {"i": INTS, "l": LONGS}
        columns = rows(letters, values)
        given, (told,) = called(name, letters, columns)
        expected = [meaning(*map(int, row)) for row in zip(*given)]
        assert told.tolist() == expected


class TestBits:
    def test_there_and_back(self):
        for name, letters, values, view in [
            ("float_as_int", "f", EDGES, np.int32),
            ("double_as_longlong", "d", EDGES, np.int64),
        ]:
            (given,), (told,) = called(name, letters, [values])
            assert np.array_equal(told, given.view(view))
        (given,), (told,) = called("int_as_float", "i", [INTS])
        assert np.array_equal(told, given.view(np.float32), equal_nan=True)
        (given,), (told,) = called("longlong_as_double", "l", [LONGS])
        assert np.array_equal(told, given.view(np.float64), equal_nan=True)

    def test_halves(self):
        (given,), (told,) = called("float2half_rn", "f", [EDGES])
        with np.errstate(all="ignore"):
            assert np.array_equal(told, given.astype(np.float16).view(np.int16))
        (given,), (told,) = called("half2float", "h", [[0, 1, 0x3C00, -1, 0x7BFF, -32768]])
        assert np.array_equal(told, given.view(np.float16), equal_nan=True)
        (given,), (high,) = called("double2hiint", "d", [FLOATS])
        assert np.array_equal(high, given.view(np.int64) >> 32)
        _, (low,) = called("double2loint", "d", [FLOATS])
        assert np.array_equal(low, given.view(np.int64).astype(np.int32))
        _, (whole,) = called("hiloint2double", "ii", [high, low])
        assert np.array_equal(whole.view(np.int64), given.view(np.int64))


def rounded(exact, direction, dtype, zero=0.0):
    """A fraction as a number of a type, rounded as a direction says."""
    if exact == 0:
        return dtype(zero)
    try:
        nearest = float(exact)
    except OverflowError:
        nearest = math.inf if exact > 0 else -math.inf
    with np.errstate(all="ignore"):
        nearest = dtype(nearest)
    # float() rounds to float64, and the type once more: what is next to it is looked at too.
    while not math.isinf(nearest) and Fraction(float(nearest)) > exact or nearest == math.inf:
        nearest = np.nextafter(nearest, dtype(-math.inf))
    with np.errstate(all="ignore"):
        above = np.nextafter(nearest, dtype(math.inf))
        while not math.isinf(above) and Fraction(float(above)) <= exact:
            nearest, above = above, np.nextafter(above, dtype(math.inf))
    below = nearest
    is_exact = not math.isinf(below) and Fraction(float(below)) == exact
    if is_exact or direction == "rd" or direction == "rz" and exact > 0:
        return below
    return above


def is_plain(*numbers):
    return all(math.isfinite(number) for number in numbers)


ROUNDED = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y if y else None,
    "rcp": lambda x: 1 / x if x else None,
    "fma": lambda x, y, z: x * y + z,
}


class TestRounding:
    @pytest.mark.parametrize("direction", ["rd", "ru", "rz"])
    @pytest.mark.parametrize(
        "name", ["fadd", "fsub", "fmul", "fdiv", "frcp", "fmaf", "dadd", "dmul", "ddiv", "drcp", "fma"]
    )
    def test_arithmetic(self, name, direction):
        meaning = ROUNDED["fma" if name.startswith("fma") else name[1:]]
        count = meaning.__code__.co_argcount
        letter = "d" if name in ("fma",) or name.startswith("d") else "f"
        values = [value for value in HUGE if not (name == "fma" and value != 0 and not 1e-100 < abs(value) < 1e100)]
        if count == 3:
            values = values[::2]
        random = np.random.default_rng(7)
        columns = [[*column, *random.normal(size=200)] for column in rows(letter * count, {letter: values})]
        given, (told,) = called(f"{name}_{direction}", letter * count, columns)
        checked = 0
        for *row, got in zip(*given, told):
            if not is_plain(*map(float, row)):
                continue
            exact = meaning(*[Fraction(float(item)) for item in row])
            if exact is None:
                continue
            expected = rounded(exact, direction, DTYPES[letter])
            assert float(expected) == got, (row, exact)
            checked += 1
        assert checked > 100 or count == 1

    @pytest.mark.parametrize("name, letter", [("fsqrt", "f"), ("dsqrt", "d")])
    def test_roots(self, name, letter):
        values = [abs(value) for value in HUGE if math.isfinite(value)] + list(np.random.default_rng(8).random(100))
        down, up, to_zero = [called(f"{name}_{direction}", letter, [values])[1][0] for direction in ("rd", "ru", "rz")]
        (given,), _ = called(f"{name}_rd", letter, [values])
        for x, low, high in zip(given, down, up):
            if math.isfinite(x):
                exact = Fraction(float(x))
                assert Fraction(low) ** 2 <= exact <= Fraction(high) ** 2
                assert low == high or high == np.nextafter(DTYPES[letter](low), DTYPES[letter](math.inf))
                assert low != high or Fraction(low) ** 2 == exact
        assert np.array_equal(down, to_zero)

    def test_zeros_of_sums(self):
        for direction, sign in [("rd", -1.0), ("ru", 1.0), ("rz", 1.0)]:
            for name, letter in [("dadd", "d"), ("fadd", "f")]:
                _, (told,) = called(f"{name}_{direction}", letter * 2, [[1.5, 0.0, -0.0], [-1.5, 0.0, -0.0]])
                assert np.copysign(1, told).tolist() == [sign, 1.0, -1.0]

    @pytest.mark.parametrize("direction", ["rn", "rd", "ru", "rz"])
    def test_conversions_to_floats(self, direction):
        for name, letter, dtype in [
            ("int2float", "i", np.float32),
            ("uint2float", "i", np.float32),
            ("ll2float", "l", np.float32),
            ("ull2float", "l", np.float32),
            ("ll2double", "l", np.float64),
            ("ull2double", "l", np.float64),
            ("double2float", "d", np.float32),
        ]:
            values = {"i": INTS, "l": LONGS, "d": [value for value in HUGE if math.isfinite(value)]}[letter]
            (given,), (told,) = called(f"{name}_{direction}", letter, [values])
            for x, got in zip(given, told):
                exact = Fraction(float(x)) if letter == "d" else Fraction(int(x))
                exact %= (
                    {"uint2float": 2**32, "ull2float": 2**64, "ull2double": 2**64}.get(name, 2**2000)
                    if name[0] == "u"
                    else 2**5000
                )
                if x < 0 and name[0] != "u":
                    exact = Fraction(float(x)) if letter == "d" else Fraction(int(x))
                if direction == "rn":
                    with np.errstate(all="ignore"):
                        assert got == dtype(x if name[0] != "u" else int(exact)), (name, x)
                else:
                    assert got == rounded(exact, direction, dtype), (name, x)

    @pytest.mark.parametrize("direction, whole", [("rn", np.rint), ("rd", np.floor), ("ru", np.ceil), ("rz", np.trunc)])
    def test_conversions_to_integers(self, direction, whole):
        for letter, source in [("f", "float"), ("d", "double")]:
            for target, low, high, bits in [
                ("int", -(2**31), 2**31 - 1, 32),
                ("uint", 0, 2**32 - 1, 32),
                ("ll", -(2**63), 2**63 - 1, 64),
                ("ull", 0, 2**64 - 1, 64),
            ]:
                values = [*EDGES, 2.5, -7.5, 3e9, -3e9, 1e19, 1.8e19, 2e19, -1e19]
                (given,), (told,) = called(f"{source}2{target}_{direction}", letter, [values])
                for x, got in zip(given, told):
                    if math.isnan(x):
                        expected = 0 if (letter, bits) == ("f", 32) else -(2 ** (bits - 1))
                    elif math.isinf(x):
                        expected = high if x > 0 else low
                    else:
                        expected = min(max(int(whole(np.float64(x))), low), high)
                    assert got == _signed(expected, bits), (source, target, x)


def _nan(function):
    """A function of Python's math, with nan where it raises."""

    def quiet(*arguments):
        try:
            return function(*arguments)
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return quiet


POSITIVE = [1e-30, 1e-3, 0.3, 1.0, 1.5, 2.0, 17.8, 1e6, 1e30]
UNIT = [-1.0, -0.999, -0.5, -1e-3, 0.0, 1e-5, 0.3, 0.7, 0.999, 1.0]
SMALL = [-9.5, -2.0, -1.0, -0.3, -1e-4, 0.0, 1e-4, 0.3, 1.0, 2.5, 7.25, 9.75]

# Functions with a twin for float32: the function, its arguments, and the error allowed in units in the last place.
MATHEMATICS = {
    "acos": (math.acos, [UNIT], 2),
    "acosh": (math.acosh, [[1.0, 1.5, 3.0, 1e6]], 2),
    "asin": (math.asin, [UNIT], 2),
    "asinh": (math.asinh, [SMALL], 2),
    "atan": (math.atan, [FLOATS], 2),
    "atan2": (math.atan2, [SMALL, SMALL], 2),
    "atanh": (math.atanh, [UNIT[1:-1]], 2),
    "cbrt": (np.cbrt, [FLOATS], 2),
    "ceil": (np.ceil, [EDGES], 0),
    "copysign": (math.copysign, [EDGES, [1.0, -1.0, 0.0, -0.0]], 0),
    "cos": (math.cos, [SMALL], 2),
    "cosh": (math.cosh, [SMALL], 2),
    "erf": (math.erf, [SMALL], 2),
    "erfc": (math.erfc, [SMALL], 4),
    "exp": (math.exp, [SMALL], 2),
    "exp10": (lambda x: 10.0**x, [SMALL], 4),
    "exp2": (lambda x: 2.0**x, [SMALL], 2),
    "expm1": (math.expm1, [SMALL], 2),
    "fabs": (abs, [EDGES], 0),
    "fdim": (lambda x, y: x - y if x > y else 0.0, [SMALL, SMALL], 1),
    "floor": (np.floor, [EDGES], 0),
    "fmax": (np.fmax, [EDGES, EDGES], 0),
    "fmin": (np.fmin, [EDGES, EDGES], 0),
    "fmod": (_nan(math.fmod), [SMALL, [3.0, -0.7, 1e-3]], 0),
    "hypot": (math.hypot, [SMALL, SMALL], 2),
    "lgamma": (math.lgamma, [[0.5, 1.0, 2.5, 7.0, 100.0]], 8),
    "log": (math.log, [POSITIVE], 2),
    "log10": (math.log10, [POSITIVE], 2),
    "log1p": (math.log1p, [[-0.5, 0.0, 1e-5, 2.0]], 2),
    "log2": (math.log2, [POSITIVE], 2),
    "logb": (lambda x: math.frexp(x)[1] - 1.0 if x else -math.inf, [FLOATS], 0),
    "nearbyint": (np.rint, [EDGES], 0),
    "pow": (math.pow, [[0.3, 1.0, 2.5, 10.0], SMALL], 2),
    "remainder": (math.remainder, [SMALL, [3.0, -0.7, 1e-3]], 0),
    "rint": (np.rint, [EDGES], 0),
    "round": (lambda x: math.copysign(math.floor(abs(x) + 0.5), x), [SMALL], 0),
    "rcbrt": (lambda x: 1 / np.cbrt(x), [POSITIVE], 4),
    "rsqrt": (lambda x: 1 / math.sqrt(x), [POSITIVE], 4),
    "sin": (math.sin, [SMALL], 2),
    "sinh": (math.sinh, [SMALL], 2),
    "sqrt": (math.sqrt, [POSITIVE], 0),
    "tan": (math.tan, [SMALL], 2),
    "tanh": (math.tanh, [SMALL], 2),
    "tgamma": (math.gamma, [[0.5, 1.0, 2.5, 7.0, -1.5]], 8),
    "trunc": (np.trunc, [EDGES], 0),
    "sinpi": (lambda x: math.sin(math.pi * math.fmod(x, 2)), [[-0.75, 0.25, 1 / 3, 2.6, 9.25]], 32),
    "cospi": (lambda x: math.cos(math.pi * math.fmod(x, 2)), [[-0.75, 0.25, 1 / 3, 2.6, 9.25]], 32),
    "normcdf": (lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), [SMALL], 16),
    "erfcx": (lambda x: math.exp(x * x) * math.erfc(x), [[-2.0, 0.0, 0.5, 1.0, 2.5, 5.0]], 64),
}


class TestMathematics:
    @pytest.mark.parametrize("is_narrow", [False, True], ids=["float64", "float32"])
    @pytest.mark.parametrize("name", MATHEMATICS)
    def test_as_python_computes(self, name, is_narrow):
        meaning, columns, ulps = MATHEMATICS[name]
        letter = "f" if is_narrow else "d"
        letters = letter * len(columns)
        grids = np.meshgrid(*columns, indexing="ij")
        given, (told,) = called(name + "f" * is_narrow, letters, [grid.ravel() for grid in grids])
        for *row, got in zip(*given, told):
            expected = float(meaning(*map(float, row)))
            if math.isnan(expected):
                assert math.isnan(got), row
            else:
                with np.errstate(all="ignore"):
                    expected = DTYPES[letter](expected)
                    unit = abs(float(np.spacing(expected))) if math.isfinite(expected) else 0.0
                assert expected == got or abs(float(expected) - got) <= ulps * unit, (row, expected, got)

    @pytest.mark.parametrize("suffix, letter", [("", "d"), ("f", "f")])
    def test_inverses_lead_back(self, suffix, letter):
        close = 1e-14 if letter == "d" else 2e-6
        (given,), (told,) = called("erfinv" + suffix, letter, [[-0.99, -0.5, -1e-3, 0.0, 1e-8, 0.3, 0.7, 0.999]])
        assert np.allclose([math.erf(x) for x in told], given, rtol=close)
        (given,), (told,) = called("erfcinv" + suffix, letter, [[1e-30, 1e-5, 0.1, 0.5, 1.0, 1.5, 1.99]])
        assert np.allclose([math.erfc(x) for x in told], given, rtol=100 * close)
        (given,), (told,) = called("normcdfinv" + suffix, letter, [[1e-30, 1e-5, 0.1, 0.5, 0.9, 0.999]])
        assert np.allclose([0.5 * math.erfc(-x / math.sqrt(2)) for x in told], given, rtol=100 * close)
        _, (told,) = called("erfinv" + suffix, letter, [[1.0, -1.0, 2.0]])
        assert told[0] == math.inf and told[1] == -math.inf and math.isnan(told[2])

    @pytest.mark.parametrize("suffix, letter", [("", "d"), ("f", "f")])
    def test_bessel_functions(self, suffix, letter):
        # Their values at 2, of Abramowitz and Stegun's tables, and the recurrence that they obey.
        known = {
            "j0": 0.22389077914123567,
            "j1": 0.5767248077568734,
            "y0": 0.5103756726497451,
            "y1": -0.10703243154093755,
        }
        close = 1e-13 if letter == "d" else 1e-6
        for name, value in known.items():
            _, (told,) = called(name + suffix, letter, [[2.0]])
            assert math.isclose(told[0], value, rel_tol=close)
        for kind in "jy":
            orders, places = rows("ab", {"a": range(8), "b": [0.5, 2.0, 5.5, 30.0]})
            _, (told,) = called(f"{kind}n{suffix}", "i" + letter, [orders, places])
            table = told.reshape(8, 4)
            for n in range(1, 7):
                for column, x in enumerate([0.5, 2.0, 5.5, 30.0]):
                    around = table[n - 1, column] + table[n + 1, column]
                    scale = max(abs(table[n - 1 : n + 2, column]))
                    assert abs(around - 2 * n / x * table[n, column]) <= 30 * close * scale * max(1, 2 * n / x)
            _, (told,) = called(f"{kind}0{suffix}", letter, [[0.5, 2.0, 5.5, 30.0]])
            assert np.allclose(table[0], told, rtol=100 * close)

    @pytest.mark.parametrize("suffix, letter", [("", "d"), ("f", "f")])
    def test_pairs(self, suffix, letter):
        finite = [value for value in FLOATS if value]
        (given,), (fraction, exponent) = called("frexp" + suffix, letter, [finite], 2)
        assert np.array_equal(fraction, np.frexp(given)[0]) and np.array_equal(exponent, np.frexp(given)[1])
        (given,), (part, whole) = called("modf" + suffix, letter, [EDGES[:-1]], 2)
        assert np.array_equal(part, np.modf(given)[0]) and np.array_equal(whole, np.modf(given)[1])
        (given,), (sine, cosine) = called("sincos" + suffix, letter, [SMALL], 2)
        assert np.allclose(sine, np.sin(given.astype(float)), 1e-6) and np.allclose(
            cosine, np.cos(given.astype(float)), 1e-6
        )
        _, (sine, cosine) = called("sincospi" + suffix, letter, [[0.5, 1.0, 1.5, -0.5]], 2)
        assert sine.tolist() == [1.0, 0.0, -1.0, -1.0] and cosine.tolist() == [0.0, -1.0, 0.0, 0.0]
        (x, y), (rest, quotient) = called(
            "remquo" + suffix, letter * 2, [[7.0, 7.5, -17.0, 29.0, 1.0], [2.0, 2.0, 3.0, -3.0, 5.0]], 2
        )
        assert rest.tolist() == [math.remainder(a, b) for a, b in zip(x, y)]
        exact = [round((float(a) - r) / float(b)) for a, b, r in zip(x, y, rest)]
        assert [abs(q) % 8 for q in quotient.astype(int)] == [abs(q) % 8 for q in exact]
        assert [np.sign(q) for q in quotient] == [np.sign(q) if abs(q) % 8 else 0 for q in exact]

    @pytest.mark.parametrize("suffix, letter", [("", "d"), ("f", "f")])
    def test_whole_numbers(self, suffix, letter):
        powers = [-3, 0, 1, 5]
        (x, n), (told,) = called("ldexp" + suffix, letter + "i", rows("xn", {"x": SMALL, "n": powers}))
        assert np.array_equal(told, np.ldexp(x, n))
        assert np.array_equal(called("scalbn" + suffix, letter + "i", [x, n])[1][0], told)
        (x, n), (told,) = called("powi" + suffix, letter + "i", rows("xn", {"x": [0.5, -2.0, 3.0], "n": powers}))
        assert np.allclose(told, x.astype(float) ** n, rtol=1e-6)
        (given,), (told,) = called("ilogb" + suffix, letter, [[value for value in EDGES]])
        expected = [
            -(2**31) if x == 0 or math.isnan(x) else 2**31 - 1 if math.isinf(x) else math.frexp(x)[1] - 1
            for x in map(float, given)
        ]
        assert told.tolist() == expected
        (given,), (told,) = called("llrint" + suffix, letter, [SMALL])
        assert told.tolist() == [round(float(x)) for x in given]
        _, (told,) = called("llround" + suffix, letter, [[0.5, -0.5, 1.5, 2.5, -2.5]])
        assert told.tolist() == [1, -1, 2, 3, -3]

    def test_classes_of_numbers(self):
        for letter, names in [("d", "isfinited isinfd isnand signbitd"), ("f", "finitef isinff isnanf signbitf")]:
            tests = [math.isfinite, math.isinf, math.isnan, lambda x: math.copysign(1, x) < 0]
            for name, test in zip(names.split(), tests):
                (given,), (told,) = called(name, letter, [EDGES])
                assert [bool(x) for x in told] == [test(x) for x in given], name

    def test_quick_functions(self):
        for name, meaning in [("cos", np.cos), ("sin", np.sin), ("tan", np.tan), ("exp", np.exp)]:
            (given,), (told,) = called(f"fast_{name}f", "f", [SMALL])
            assert np.allclose(told, meaning(given.astype(float)), rtol=1e-4, atol=1e-5)
        for name, meaning in [("log", np.log), ("log2", np.log2), ("log10", np.log10)]:
            (given,), (told,) = called(f"fast_{name}f", "f", [POSITIVE])
            assert np.allclose(told, meaning(given.astype(float)), rtol=1e-4, atol=1e-5)
        (x, y), (told,) = called("fast_powf", "ff", [[0.5, 2.0, 3.0], [2.0, 0.5, -1.0]])
        assert np.allclose(told, x**y, rtol=1e-4)
        (x, y), (told,) = called("fast_fdividef", "ff", [[0.5, 2.0, 3.0], [2.0, 0.5, -1.0]])
        assert np.allclose(told, x / y, rtol=1e-5)
        _, (told,) = called("saturatef", "f", [[-1.0, 0.0, 0.3, 1.0, 7.0, math.nan]])
        assert np.array_equal(told, np.array([0.0, 0.0, 0.3, 1.0, 1.0, 0.0], np.float32))


def test_arguments_of_other_kinds_are_refused():
    @cuda.jit(**SIM)
    def kernel(out):
        out[0] = libdevice.popc(1.5)

    with pytest.raises(numir.errors.TypingError, match=r"libdevice.popc\(\) takes int32 here, not a? ?float"):
        kernel[1, 1](np.zeros(1))


# Those whose own code needs C's library: for a GPU they are not there without libdevice. So are their twins for float32.
NEEDS_LIBDEVICE = set(
    "cos cospi erf erfc erfcinv erfcx erfinv fast_cos fast_sin fast_sincos fast_tan fdim j0 j1 jn lgamma llround nextafter normcdf"
    " normcdfinv remainder remquo round sin sincos sincospi sinpi tan tgamma y0 y1 yn".split()
)


class TestOnDevices:
    """Kernels for a GPU, which ptxas takes: with libdevice's code, and without."""

    def kernel(self, names):
        lines = ["def kernel(f, d, i, l, h, floats, integers):"]
        for place, name in enumerate(names):
            arguments = ", ".join(f"{letter}[{k}]" for k, letter in enumerate(SIGNATURES[name]))
            results = RESULTS[name]
            for k, letter in enumerate(results):
                item = f"[{k}]" if len(results) > 1 else ""
                target = "floats" if letter in "fd" else "integers"
                lines.append(f"    {target}[{place}] += libdevice.{name}({arguments}){item}")
        return defined("\n".join(lines) + "\n", "kernel", libdevice=libdevice)

    def ptx(self, names):
        signature = "void(float32[::1], float64[::1], int32[::1], int64[::1], int16[::1], float64[::1], int64[::1])"
        return cuda.jit(signature, target="cuda")(self.kernel(names)).inspect("ptx")

    @pytest.mark.parametrize("part", range(8))
    def test_with_libdevice(self, part, tmp_path):
        names = sorted(SIGNATURES)[part::8]
        text = self.ptx(names)
        assert ".extern .func" not in text
        assemble(text, "sm_80", tmp_path)

    def test_libdevices_own_code_is_taken(self):
        # What hardware has an instruction for, and the library's function here has not.
        for name, instruction in [
            ("fast_sinf", "sin.approx"),
            ("dadd_rd", "add.rm.f64"),
            ("byte_perm", "prmt.b32"),
            ("popc", "popc.b32"),
        ]:
            assert instruction in self.ptx([name]), name

    def test_without_libdevice(self, monkeypatch, tmp_path):
        monkeypatch.setenv("NUMIR_LIBDEVICE", str(tmp_path / "none.bc"))
        monkeypatch.delenv("CUDA_HOME", raising=False)
        monkeypatch.delenv("CUDA_PATH", raising=False)
        own = [name for name in sorted(SIGNATURES) if name not in NEEDS_LIBDEVICE and name[:-1] not in NEEDS_LIBDEVICE]
        for part in range(4):
            text = self.ptx(own[part::4])
            assert "sin.approx" not in text
            assemble(text, "sm_80", tmp_path)
        with pytest.raises(Exception, match="pip install nvidia-nvvm"):
            self.ptx(["erf"])

    def test_there_are_all_of_them(self):
        assert set(libdevice.__all__) == set(SIGNATURES) and len(SIGNATURES) == 317
