"""Conversions between all scalar types, by the names of types and by astype; and what annotations make of arguments."""

import math

import numpy as np

from matrices.values import COMPLEX, FLOATS, INTEGERS, NUMPY, SCALARS, UNSIGNED, edges, fill

NAMES = {kind: kind.__name__ if kind.__module__ == "builtins" else f"np.{kind.__name__}" for kind in SCALARS}
NAMES[np.bool_] = "np.bool_"


def build(matrix, random):
    for source in SCALARS:
        for target in SCALARS:
            for value in edges(source):
                if defined(value, target):
                    matrix.typed("x", f"v = {NAMES[target]}(x)", (value,), strict=True)
    for source in NUMPY:
        for target in NUMPY:
            for shape in ((5,), (2, 3), (), (0,)):
                array = fill(shape, source, random)
                if source in COMPLEX and target not in COMPLEX:
                    continue
                if target in UNSIGNED and source in FLOATS:
                    array = np.asarray(np.abs(array))
                matrix.expression("a", f"a.astype({NAMES[target]})", (array,))
                matrix.add("a, b", "b[...] = a", (array, np.zeros(shape, target)))
            if source not in COMPLEX or target in COMPLEX:
                matrix.add("a, x", "a[1] = x\nreturn a[1]", (np.zeros(3, target), source(1)), strict=True)


def defined(value, target):
    """Whether NumPy or Python define the conversion: no float out of an integer's range, no complex to real."""
    if isinstance(value, (complex, np.complexfloating)):
        return target in (complex, bool, np.bool_, *COMPLEX)
    if isinstance(value, np.floating) and target in INTEGERS or isinstance(value, float) and target in INTEGERS:
        if not math.isfinite(value):
            return False
        info = np.iinfo(target)
        return info.min <= int(value) <= info.max
    if isinstance(value, np.uint64) and target is int:
        # Python's integers are 64 bits wide in numir.
        return value < 2**63
    if isinstance(value, (float, np.floating)) and target is int:
        return not math.isfinite(value) or -(2**63) <= int(value) < 2**63
    return True
