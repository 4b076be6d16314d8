"""Built-in functions from the library, where they are hard: rounding to decimal places, powers to a modulus."""

import math

from library_values import Columns, check_errors, real

COUNT = 4000
HARD = [
    (2.675, 2),
    (1e22, -20),
    (0.5, 0),
    (5e-324, 3),
    (2.5, 0),
    (-0.5, 0),
    (1.4e308, -308),
    (4.9e307, -308),
    (0.15, 1),
]
HARD += [
    (2.0**-24, 23),
    (5e-324, 323),
    (8e-324, 323),
    (3e-323, 322),
    (4.4500001e-308, 309),
    (2.22e-308, 310),
    (0.25, 1),
]
HARD += [(1e16, -16), (5e15, -16), (1.5e16, -16), (2.5e16, -16), (1e300, -250), (123456789.987654321, 5), (1e23, -30)]


def rounded(rng):
    """A float and a number of places, near a tie more often than not."""
    choice = rng.random()
    if choice < 0.3:
        return round(rng.uniform(-100, 100), rng.randint(0, 17)), rng.randint(-3, 17)
    if choice < 0.4:
        return rng.randint(0, 10**6) / 2 ** rng.randint(0, 20), rng.randint(0, 20)
    if choice < 0.55:
        return real(rng), rng.randint(-25, 25)
    if choice < 0.65:
        value = math.ldexp(rng.getrandbits(53), rng.randint(-1074, 971))
        return value, int(-math.log10(value or 1)) + rng.randint(-2, 19)
    if choice < 0.75:
        return math.ldexp(rng.getrandbits(rng.randint(1, 53)), -1074), rng.randint(300, 324)
    if choice < 0.85:
        places = rng.randint(1, 70)
        return rng.randrange(1, 2**50, 2) / 2.0**places, rng.choice((places, places - 1, places - 2))
    return float(f"{rng.randint(1, 10**6)}5e{rng.randint(0, 300)}"), -rng.randint(0, 308)


def test_round(tmp_path, runner, rng):
    columns = Columns("round")
    columns.add("round(x, y)", HARD + [rounded(rng) for _ in range(COUNT)], ["float64", "int64"], "float64")
    columns.add("round(x)", [(rng.randint(-1000, 1000) / 2,) for _ in range(COUNT)], ["float64"], "int64")
    values = (rng.randint(-(2**63), 2**63 - 1), rng.randint(-1000, 1000) * 5, 2**63 - 1, -(2**63), 5 * 10**18)
    rows = [(rng.choice(values) // rng.choice((1, 7)), rng.randint(-22, 3)) for _ in range(COUNT)]
    columns.add("round(x, y)", rows, ["int64"] * 2, "int64")
    columns.check(tmp_path, runner)


def test_powers_to_a_modulus(tmp_path, runner, rng):
    columns = Columns("modulus")

    def integer():
        large = (2**63 - 1, -(2**63))
        return rng.choice((rng.randint(-10, 10), rng.randint(-(10**6), 10**6), rng.randint(*large[::-1]), *large))

    rows = [(integer(), integer(), integer()) for _ in range(1000)]
    columns.add("pow(x, y, z)", rows, ["int64"] * 3, "int64")
    columns.check(tmp_path, runner)


ERRORS = [
    ("x, y, z", "pow(x, y, z)", (2, 3, 0)),
    ("x, y, z", "pow(x, y, z)", (2, -3, 4)),
    ("x, y", "round(x, y)", (1.7e308, -308)),
    ("x", "round(x)", (math.nan,)),
]


def test_messages(tmp_path, runner):
    check_errors(ERRORS, tmp_path, runner)
