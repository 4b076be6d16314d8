"""`numir.cuda.libdevice`: mathematics against Python's, to few units in the last place."""

import math

import numpy as np
import pytest

from harness.libdevice import DTYPES, EDGES, FLOATS, called, rows


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
