"""`numir.cuda.libdevice`: arithmetic and conversions that say how they round, against fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from harness.libdevice import DTYPES, EDGES, HUGE, INTS, LONGS, called, rows, signed


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
                    assert got == signed(expected, bits), (source, target, x)
