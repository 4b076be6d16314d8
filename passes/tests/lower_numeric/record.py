"""Writes numpy.txt: what NumPy and CPython answer to the scalar operations of `numeric`, on edge values.

A line is `operation operand-type result-type case case ...`, a case `operand,...=result` in hexadecimal bits (complex
numbers: the real part in the low half). Run with NumPy 2 on x86-64: python record.py > numpy.txt
"""

import math
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")

INTEGERS = {
    f"{sign}i{bits}": np.dtype(f"{kind}{bits // 8}")
    for sign, kind in (("s", "i"), ("u", "u"))
    for bits in (8, 16, 32, 64)
}
FLOATS = {"f16": np.float16, "f32": np.float32, "f64": np.float64}
COMPLEX = {"complex<f32>": np.complex64, "complex<f64>": np.complex128}
TYPES = {"i1": np.bool_, **INTEGERS, **FLOATS, **COMPLEX}
TYPES = {name: np.dtype(dtype) for name, dtype in TYPES.items()}


def values(dtype):
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        chosen = [-7, -1, 0, 1, 2, 3, 7] if dtype.kind == "i" else [0, 1, 2, 3, 7, info.max // 2 + 1]
        return np.array([info.min, *chosen, info.max], dtype)
    if dtype.kind == "f":
        info = np.finfo(dtype)
        positive = [0.0, info.smallest_subnormal, 0.1, 1.5, 7.25, 40000.0, info.max, np.inf]
        return np.array([*positive, *[-x for x in positive], np.nan], dtype)
    parts = [0.0, -0.0, 1.0, -2.5, 1e10, np.inf, np.nan]
    return np.array([complex(re, im) for re in parts for im in parts], dtype)


def divisors(dtype):
    return values(dtype)[:: {"c": 5, "f": 3}.get(dtype.kind, 1)]


def bits(value):
    return np.asarray(value).tobytes()[::-1].hex()


def line(operation, operand, result, cases):
    cases = " ".join(",".join(map(bits, arguments)) + "=" + bits(answer) for arguments, answer in cases)
    print(operation, operand, result, cases)


def record(operation, function, types, arity, keep=lambda *arguments: True):
    for name in types:
        dtype = TYPES[name]
        chosen = values(dtype)
        if arity == 1:
            tuples = [(a,) for a in chosen]
        else:
            tuples = [(a, b) for a in chosen for b in divisors(dtype)]
        # Through arrays of one element: NumPy's scalars have code of their own.
        cases = [(t, function(*[np.array([x], dtype) for x in t])[0]) for t in tuples if keep(*t)]
        result = next(n for n, d in TYPES.items() if d == cases[0][1].dtype)
        line(operation, name, result, cases)


def product(a, b):
    """Each operation rounded; NumPy fuses some of them where the machine can."""
    if a.dtype.kind != "c":
        return a * b
    result = np.empty_like(a)
    result.real = a.real * b.real - a.imag * b.imag
    result.imag = a.real * b.imag + a.imag * b.real
    return result


REAL = [*INTEGERS, *FLOATS]
record("add", np.add, [*REAL, *COMPLEX], 2)
record("sub", np.subtract, [*REAL, *COMPLEX], 2)
record("mul", product, [*REAL, *COMPLEX], 2)
record("truediv", np.true_divide, [*FLOATS, *COMPLEX], 2)
record("floordiv", np.floor_divide, REAL, 2)
record("mod", np.remainder, REAL, 2)
record("pow", np.power, INTEGERS, 2, lambda a, b: b >= 0)
record("minimum", np.minimum, ["i1", *REAL], 2)
record("maximum", np.maximum, ["i1", *REAL], 2)
record("and", np.bitwise_and, ["i1", *INTEGERS], 2)
record("or", np.bitwise_or, ["i1", *INTEGERS], 2)
record("xor", np.bitwise_xor, ["i1", *INTEGERS], 2)
record("shl", np.left_shift, INTEGERS, 2)
record("shr", np.right_shift, INTEGERS, 2)
record("neg", np.negative, [*REAL, *COMPLEX], 1)
record("abs", np.abs, [*REAL, *COMPLEX], 1)
record("invert", np.invert, ["i1", *INTEGERS], 1)
for predicate, function in [
    ("ne", np.not_equal),
    ("lt", np.less),
    ("ge", np.greater_equal),
]:
    types = [*TYPES] if predicate == "ne" else ["i1", *REAL]
    record(f"cmp {predicate},", function, types, 2)
for kind in ("isnan", "isinf", "isfinite", "signbit"):
    record(f"classify {kind}", getattr(np, kind), FLOATS, 1)
for source, dtype in TYPES.items():
    for target, result in TYPES.items():
        if source != target:
            line("cast", source, target, [((x,), np.array([x], dtype).astype(result)[0]) for x in values(dtype)])


def python(operation, function, kind, chosen):
    name = {int: "!numeric.int", float: "!numeric.float", complex: "!numeric.complex"}[kind]
    dtype = {int: np.int64, float: np.float64, complex: np.complex128}[kind]
    pairs = [(a, b) for a in chosen for b in chosen[::2] if b]
    line(operation, name, name, [((dtype(a), dtype(b)), dtype(function(a, b))) for a, b in pairs])


FINITE = [float(x) for x in values(np.dtype(np.float64))]
SOME = [complex(z) for z in values(np.dtype(np.complex128)) if math.isfinite(abs(z))]
python("floordiv", lambda a, b: a // b, float, FINITE)
python("mod", lambda a, b: a % b, float, FINITE)
python("floordiv", lambda a, b: a // b, int, [-(2**62), -7, -1, 0, 1, 2, 7, 2**62])
python("mod", lambda a, b: a % b, int, [-(2**62), -7, -1, 0, 1, 2, 7, 2**62])
python("truediv", lambda a, b: a / b, complex, SOME)
python("mul", lambda a, b: a * b, complex, SOME)
