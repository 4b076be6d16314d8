"""Derives the coefficients of the polynomials in library/_kernels_*.py and prints them with the error that each leaves.

Each polynomial is the best one of its degree in the sense of the largest weighted error on its interval, found by the exchange
algorithm of E. Y. Remez (Sur la détermination des polynômes d'approximation de degré donnée, 1934), in mpmath's arithmetic of 50
digits. Which remainder of which series is approximated follows J.-M. Muller, Elementary Functions (3rd edition, 2016), chapters 3
and 11: the leading terms of a function are exact numbers and stay out of the polynomial, so that its rounding errors count little.
The coefficients are rounded to doubles at the end; the error printed is that of the rounded ones.

    python scripts/kernel_coefficients.py [NAME...]
"""

import sys

from mpmath import (
    asin,
    atan,
    cbrt,
    cos,
    cosh,
    exp,
    fabs,
    log,
    lu_solve,
    matrix,
    mp,
    mpf,
    pi,
    sin,
    sinh,
    sqrt,
)  # fmt: skip

mp.dps = 50

# How many points stand for the interval while the largest errors are looked for.
POINTS = 1000

HALF_LN_2 = log(2) / 2 * mpf("1.0001")
EIGHTH_TURN = pi / 4 * mpf("1.0001")
# (sqrt(2) - 1) / (sqrt(2) + 1)
SLOPE = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1) * mpf("1.0001")


def rest_of_exp(x):
    return (exp(x) - 1 - x - x**2 / 2) / x**3


def rest_of_log(square):
    """log((1 + x) / (1 - x)) = 2 x + x³ times this."""
    x = sqrt(square)
    return (log((1 + x) / (1 - x)) - 2 * x) / x**3


def rest_of_sin(square):
    x = sqrt(square)
    return (sin(x) - x) / x**3


def rest_of_cos(square):
    return (cos(sqrt(square)) - 1 + square / 2) / square**2


def rest_of_sinh(square):
    x = sqrt(square)
    return (sinh(x) - x) / x**3


def rest_of_cosh(square):
    return (cosh(sqrt(square)) - 1 - square / 2) / square**2


def rest_of_atan(square):
    x = sqrt(square)
    return (atan(x) - x) / x**3


def rest_of_asin(square):
    x = sqrt(square)
    return (asin(x) - x) / x**3


def inverse_cube_root(x):
    return 1 / cbrt(x)


def rest_of_slope(square):
    """log((1 + x) / (1 - x)) = 2 x + 2/3 x³ + 2/5 x⁵ + x⁷ times this."""
    x = sqrt(square)
    return (log((1 + x) / (1 - x)) - 2 * x - 2 * x**3 / 3 - 2 * x**5 / 5) / x**7


# Name: function, interval, weight, degree for float64 and, where that is another polynomial, for float32.
TABLE = {
    "exp": (rest_of_exp, (-HALF_LN_2, HALF_LN_2), lambda x: x**2, 9, 4),
    "log": (rest_of_log, (0, SLOPE**2), lambda s: s, 6, 2),
    "sin": (rest_of_sin, (0, EIGHTH_TURN**2), lambda s: s, 6, 3),
    "cos": (rest_of_cos, (0, EIGHTH_TURN**2), lambda s: s**2 / cos(sqrt(s)), 6, 2),
    "sinh": (rest_of_sinh, (0, HALF_LN_2**2), lambda s: s, 5, 2),
    "cosh": (rest_of_cosh, (0, HALF_LN_2**2), lambda s: s**2, 5, 1),
    "atan": (rest_of_atan, (0, mpf("0.25")), lambda s: s**1.5 / atan(sqrt(s)), 12, 5),
    "asin": (rest_of_asin, (0, mpf("0.2501")), lambda s: s, 12, 5),
    "root": (inverse_cube_root, (mpf("0.999"), 8), lambda x: cbrt(x), 6),
    "slope": (rest_of_slope, (0, SLOPE**2), lambda s: s**3, 7),
}


def best(function, interval, weight, degree):
    """The coefficients, lowest first, and the largest weighted error."""
    low, high = (mpf(end) for end in interval)
    middle, half = (low + high) / 2, (high - low) / 2
    grid = [middle - half * cos(pi * (2 * i + 1) / (2 * POINTS)) for i in range(POINTS)]
    grid = [x for x in grid if fabs(x) > mpf("1e-12")]
    values = [function(x) for x in grid]
    weights = [fabs(weight(x)) for x in grid]
    count = degree + 2
    chosen = [round((len(grid) - 1) * (1 - float(cos(pi * i / (count - 1)))) / 2) for i in range(count)]
    for _ in range(40):
        system, right = matrix(count, count), matrix(count, 1)
        for row, place in enumerate(chosen):
            for power in range(degree + 1):
                system[row, power] = weights[place] * grid[place] ** power
            system[row, degree + 1] = (-1) ** row
            right[row] = weights[place] * values[place]
        solution = lu_solve(system, right)
        coefficients = list(solution)[: degree + 1]
        errors = [weights[i] * (values[i] - evaluate(coefficients, grid[i])) for i in range(len(grid))]
        following = exchange(errors, count)
        if following is None or following == chosen:
            break
        chosen = following
    return coefficients, max(map(fabs, errors))


def exchange(errors, count):
    """The places of the largest errors of alternating sign, `count` of them; None if there are fewer."""
    runs = []
    for place, error in enumerate(errors):
        if runs and (error > 0) == (errors[runs[-1]] > 0):
            if fabs(error) > fabs(errors[runs[-1]]):
                runs[-1] = place
        else:
            runs.append(place)
    while len(runs) > count:
        runs.pop(0 if fabs(errors[runs[0]]) < fabs(errors[runs[-1]]) else -1)
    return runs if len(runs) == count else None


def evaluate(coefficients, x):
    result = mpf(0)
    for coefficient in reversed(coefficients):
        result = result * x + coefficient
    return result


def main():
    for name in sys.argv[1:] or TABLE:
        function, interval, weight, *degrees = TABLE[name]
        for width, degree in zip((64, 32), degrees):
            coefficients, _ = best(function, interval, weight, degree)
            rounded = [float(coefficient) for coefficient in coefficients]
            low, high = (mpf(end) for end in interval)
            places = [low + (high - low) * (i + mpf("0.5")) / 500 for i in range(500)]
            error = max(fabs(weight(x) * (function(x) - evaluate(rounded, x))) for x in places)
            print(f"{name} for float{width}: degree {degree}, error 2**{float(log(error, 2)):.1f}")
            for coefficient in rounded:
                print(f"    {coefficient!r},")


if __name__ == "__main__":
    main()
