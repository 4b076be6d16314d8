"""Every binary, unary, comparing and augmented operator on every pair of scalar types."""

import numpy as np

from matrices.powers import is_real
from matrices.values import COMPLEX, INTEGERS, SCALARS, edges, pick, plain

ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")
BITS = ("&", "|", "^", "<<", ">>")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
WHOLE = (bool, int, np.bool_, *INTEGERS)
# What complex arithmetic may be off by: products and quotients are rounded several times.
COMPLEX_ULP = 4


def build(matrix, random):
    for left in SCALARS:
        for right in SCALARS:
            for operator in ARITHMETIC + BITS + COMPARISONS:
                if usable(operator, left, right):
                    binary(matrix, random, operator, left, right)
    for kind in SCALARS:
        for value in edges(kind):
            if kind is int:
                matrix.expression("x", "-x, +x, ~x, not x", (value,), strict=True)
                continue
            if kind is not np.bool_:
                matrix.typed("x", "v = -x", (value,), strict=True)
                matrix.typed("x", "v = +x", (value,), strict=True)
            matrix.typed("x", "v = not x", (value,), strict=True)
            if kind in WHOLE and kind is not bool:
                matrix.typed("x", "v = ~x", (value,), strict=True)


def binary(matrix, random, operator, left, right):
    """Some pairs of values."""
    pairs = [(a, b) for a in edges(left) for b in edges(right)]
    chosen = pick(random, pairs, 6) + [
        (a, b) for a in pick(random, plain(left), 2) for b in pick(random, plain(right), 2)
    ]
    ulp = ulps(operator, left, right)
    for a, b in chosen:
        if not bounded(operator, a, b):
            continue
        when = None
        if ulp == COMPLEX_ULP and operator == "/":
            when = is_finite
        elif operator == "**" and ulp == 1:
            when = is_real
        if left in (bool, int) and right in (bool, int):
            # No array shows an integer of more than 64 bits.
            matrix.expression("x, y", f"x {operator} y", (a, b), strict=True)
            continue
        matrix.typed("x, y", f"v = x {operator} y", (a, b), ulp=ulp, strict=True, when=when)
        if operator not in COMPARISONS and random.random() < 0.15:
            matrix.typed("x, v", f"x {operator}= v\nv = x", (a, b), ulp=ulp, strict=True, when=when)


def usable(operator, left, right):
    """Whether Python has a meaning for the operator on these types."""
    kinds = (left, right)
    if operator == "-" and np.bool_ in kinds and all(kind in (bool, np.bool_) for kind in kinds):
        return False
    if any(kind in (complex, *COMPLEX) for kind in kinds):
        return operator in ("+", "-", "*", "/", "**", "==", "!=")
    if operator in BITS:
        return all(kind in WHOLE for kind in kinds)
    return True


def bounded(operator, a, b):
    """Not what takes CPython's integers for ever, or is undefined in NumPy."""
    if operator == "**" and type(a) in (bool, int) and type(b) in (bool, int):
        # A negative exponent gives a float in Python: see powers.py.
        return 0 <= b <= 100
    if operator == "**" and any(isinstance(x, (complex, np.complexfloating)) for x in (a, b)):
        # What infinite parts and overflows give is nobody's definition: libraries differ.
        return abs(complex(b)) < 100 and (a == 0 or 1e-6 < abs(complex(a)) < 1e6)
    if operator in ("<<", ">>"):
        if type(a) in (bool, int) and type(b) in (bool, int):
            return b <= 200
        return 0 <= b
    return True


def ulps(operator, left, right):
    """How far floats may be off."""
    if any(kind in (complex, *COMPLEX) for kind in (left, right)):
        return {"**": 1 << 8}.get(operator, COMPLEX_ULP)
    return 1 if operator == "**" else 0


def is_finite(outcome):
    """Whether CPython raised or gave numbers; a quotient that overflows is nobody's definition either."""
    value = outcome.value[0] if isinstance(outcome.value, tuple) else outcome.value
    return outcome.error is not None or bool(np.isfinite(value))
