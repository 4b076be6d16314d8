"""The types and edge values that matrices are made of, and arrays in every layout."""

import math

import numpy as np

SIGNED = (np.int8, np.int16, np.int32, np.int64)
UNSIGNED = (np.uint8, np.uint16, np.uint32, np.uint64)
INTEGERS = SIGNED + UNSIGNED
FLOATS = (np.float16, np.float32, np.float64)
COMPLEX = (np.complex64, np.complex128)
NUMPY = (np.bool_, *INTEGERS, *FLOATS, *COMPLEX)
PYTHON = (bool, int, float, complex)
SCALARS = PYTHON + NUMPY

TINY = 5e-324
EDGE_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-3, 1e10, 1e300, -1e300, TINY, math.inf, -math.inf, math.nan)
EDGE_INTEGERS = (0, 1, -1, 2, -2, 3, 7, -7, 10, 63, 64, 1 << 40, (1 << 63) - 1, -(1 << 63))


def edges(kind):
    """Edge values of a scalar type."""
    if kind in (bool, np.bool_):
        return [kind(False), kind(True)]
    if kind is int:
        return list(EDGE_INTEGERS)
    if kind in INTEGERS:
        info = np.iinfo(kind)
        small = (0, 1, -1, 2, -2, 3, 7, -7, 10, 100, info.max, info.min, info.max - 1)
        return [kind(value) for value in small if info.min <= value <= info.max]
    if kind is float:
        return list(EDGE_FLOATS)
    if kind in FLOATS:
        with np.errstate(all="ignore"):
            values = [kind(value) for value in EDGE_FLOATS]
            return [*values, np.finfo(kind).max, np.finfo(kind).smallest_subnormal]
    parts = (0.0, -0.0, 1.0, -2.5, 3.0, math.inf, math.nan)
    pairs = [(a, b) for a in parts for b in parts if (a in (0.0, 1.0, -2.5) or b in (0.0, 3.0))]
    return [kind(complex(a, b)) for a, b in pairs]


def plain(kind):
    """Ordinary values of a scalar type: no overflow, no NaN."""
    if kind in (bool, np.bool_):
        return [kind(False), kind(True)]
    if kind is int or kind in SIGNED:
        return [kind(value) for value in (1, -1, 2, 3, -5, 7, 11)]
    if kind in UNSIGNED:
        return [kind(value) for value in (1, 2, 3, 5, 7, 11)]
    if kind is float or kind in FLOATS:
        return [kind(value) for value in (0.5, -1.25, 2.0, 3.5, -7.0)]
    return [kind(value) for value in (1 + 2j, -0.5j, 3 + 0j, -1.5 + 0.25j)]


def pick(random, items, count):
    """Some of the items, in an order of their own."""
    items = list(items)
    return random.sample(items, min(count, len(items)))


def fill(shape, dtype, random):
    """A C-contiguous array of small values that are mostly different."""
    size = math.prod(shape)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        items = [random.random() < 0.5 for _ in range(size)]
    elif dtype.kind == "u":
        items = [random.randrange(0, 100) for _ in range(size)]
    elif dtype.kind == "i":
        items = [random.randrange(-50, 50) for _ in range(size)]
    elif dtype.kind == "f":
        items = [random.randrange(-400, 400) / 16 for _ in range(size)]
    else:
        items = [complex(random.randrange(-99, 99) / 8, random.randrange(-99, 99) / 8) for _ in range(size)]
    return np.array(items, dtype).reshape(shape)


def layout(shape, dtype, kind, random):
    """An array of that shape whose items lie in memory in a certain way."""
    if kind == "F":
        return np.asfortranarray(fill(shape, dtype, random))
    if kind == "strided" and shape:
        return fill(tuple(2 * n + 1 for n in shape), dtype, random)[tuple(slice(1, None, 2) for _ in shape)]
    if kind == "negative" and shape:
        return fill(shape, dtype, random)[(slice(None, None, -1),) * len(shape)]
    if kind == "transposed":
        return fill(shape[::-1], dtype, random).T
    return fill(shape, dtype, random)


def layouts(rank):
    """The layouts that differ at that rank."""
    kinds = ("C", "F", "strided", "negative", "transposed") if rank > 1 else ("C", "strided", "negative")
    return kinds if rank else ("C",)
