"""Built-in functions: abs min max sum pow divmod round int float complex bool len range any all isinstance."""

import numpy as np

from matrices.values import COMPLEX, NUMPY, SCALARS, edges, fill, pick, plain

REAL = tuple(kind for kind in SCALARS if kind not in (complex, *COMPLEX))
HALVES = (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1e16, 0.05, 1234.5678, -1234.5678, 1e-7)


def build(matrix, random):
    one_argument(matrix)
    pairs(matrix, random)
    rounding(matrix)
    collections(matrix, random)
    types(matrix)


def one_argument(matrix):
    for kind in SCALARS:
        for value in edges(kind):
            ulp = 2 if kind in (complex, *COMPLEX) else 0
            matrix.expression("x", "abs(x)", (value,), strict=True, ulp=ulp)
            matrix.expression("x", "bool(x)", (value,), strict=True)
            matrix.expression("x", "1 if x else 2", (value,), strict=True)
    for name, result in (("int", 0), ("float", 0.0), ("complex", 0j), ("bool", False)):
        matrix.expression("", f"{name}()", (), strict=True, when=lambda outcome, result=result: outcome.value == result)
    for re, im in ((1, 2), (1.5, -0.0), (True, 2.5)):
        matrix.expression("x, y", "complex(x, y)", (re, im), strict=True)
    for call in ("x, imag=y", "real=x, imag=y", "imag=y, real=x", "imag=y", "real=x"):
        matrix.expression("x, y", f"complex({call})", (1.0, 2.0), strict=True)
    for value in (float("inf"), -float("inf"), float("nan"), np.float32("-inf")):
        matrix.expression("x", "int(x)", (value,), strict=True)
    matrix.expression("z", "z.real, z.imag, z.conjugate()", (3 - 4j,), strict=True)


def pairs(matrix, random):
    for left in REAL:
        for right in REAL:
            for a in pick(random, edges(left), 3):
                for b in pick(random, edges(right), 3):
                    same = left is right
                    matrix.expression("x, y", "min(x, y)", (a, b), strict=same, when=finite_or(same))
                    matrix.expression("x, y", "max(x, y)", (a, b), strict=same, when=finite_or(same))
            for a in pick(random, edges(left), 4):
                for b in pick(random, edges(right), 4):
                    matrix.expression("x, y", "divmod(x, y)", (a, b), strict=True)
    for a in (1, 2.0, 3):
        matrix.expression("x, y, z", "min(x, y, z)", (a, 2, 1))
        matrix.expression("x, y, z", "max(x, y, z)", (a, 2, 3.5))
    for items in ((3, 1, 2), (1.5, 0.5), (7,)):
        for name in ("min", "max", "sum", "len", "any", "all"):
            matrix.expression("t", f"{name}(t)", (items,), strict=True)
            matrix.expression("t", f"{name}(t)", (np.array(items),))


def finite_or(same):
    """Among different types the unified type may round a large integer."""
    if same:
        return None
    return lambda outcome: outcome.error or abs(float(outcome.value)) < 2**24 or outcome.value != outcome.value


def rounding(matrix):
    for value in HALVES:
        matrix.expression("x", "round(x)", (value,), strict=True)
        matrix.expression("x", "round(x, 0)", (value,), strict=True)
        for digits in (-2, 0, 1, 2, 5, 300):
            matrix.expression("x, n", "round(x, n)", (value, digits), strict=True)
    for value in (0, 7, -15, 25, 12345, -(1 << 62)):
        matrix.expression("x", "round(x)", (value,), strict=True)
        for digits in (-3, -1, 0, 2):
            matrix.expression("x, n", "round(x, n)", (value, digits), strict=True)
    for value in (float("inf"), float("nan"), 1e300):
        matrix.expression("x", "round(x)", (value,), when=lambda outcome: outcome.error is not None)
        matrix.expression("x", "round(x, 2)", (value,), strict=True)
        matrix.expression("x", "int(x)", (value,), when=lambda outcome: outcome.error is not None)
    for value in (2.7, -2.7, 0.0, 1e15):
        matrix.expression("x", "int(x)", (value,), strict=True)
    for value in (np.float32(2.5), np.float64(-3.5), np.float16(0.5), np.int8(7)):
        matrix.expression("x", "round(x)", (value,))


def collections(matrix, random):
    for kind in NUMPY:
        array = fill((6,), kind, random)
        matrix.expression("a", "sum(a)", (array,), strict=True)
        matrix.expression("a", "any(a)", (array,), strict=True)
        matrix.expression("a", "all(a)", (array,), strict=True)
        matrix.expression("a", "len(a)", (array.reshape(2, 3),), strict=True)
        if kind not in COMPLEX:
            matrix.expression("a", "min(a)", (array,), strict=True)
            matrix.expression("a", "max(a)", (array[::-1],), strict=True)
    matrix.expression("a", "sum(a, 0.5)", (np.arange(4),))
    matrix.expression("a", "sum(a, start=10)", (np.arange(4),))
    matrix.expression("t", "sum(t, 2)", ((1, 2, 3),), strict=True)
    matrix.expression("t", "sum(t)", ((1, 2.5, 3),), strict=True)
    for name in ("min", "max"):
        matrix.expression("a", f"{name}(a)", (np.empty(0),))
        for items in (np.empty(0), np.arange(3.0), np.empty((0,), np.int32), np.array([4, 5])):
            matrix.expression("a, d", f"{name}(a, default=d)", (items, items.dtype.type(7)), strict=True)
            matrix.expression("a", f"{name}(a, default=None)", (items,), strict=True)
        for count in (0, 3):
            matrix.expression("n", f"{name}(range(n), default=-1)", (count,), strict=True)
        matrix.expression("x", f"{name}((), default=x), {name}((x, 5), default=1)", (2,), strict=True)
    for name in ("sum", "any", "all"):
        matrix.expression("a", f"{name}(a)", (np.empty(0),))
    for start, stop, step in ((0, 5, 1), (5, 0, -2), (3, 3, 1), (-4, 9, 5), (0, 5, -1)):
        arguments = (start, stop, step)
        matrix.expression("i, n, s", "len(range(i, n, s))", arguments, strict=True)
        matrix.expression("i, n, s", "sum(range(i, n, s))", arguments, strict=True)
        matrix.expression("i, n, s, x", "x in range(i, n, s)", (*arguments, 3), strict=True)
        if len(range(*arguments)):
            matrix.expression("i, n, s", "min(range(i, n, s)), max(range(i, n, s))", arguments, strict=True)


def types(matrix):
    tests = ("int", "float", "bool", "complex", "tuple", "(int, float)", "np.ndarray", "np.float64", "np.int32")
    values = [plain(kind)[0] for kind in (*SCALARS,)] + [(1, 2), np.zeros(2), None]
    for test in tests:
        for value in values:
            matrix.expression("x", f"isinstance(x, {test})", (value,), strict=True)
