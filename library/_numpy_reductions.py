"""NumPy's reductions along axes, and what their keywords mean.

The reduction itself is a primitive, which takes up what computes its items. Of dates and spans, arrays are seen as (before, along, behind).
"""

import numpy as np
from numir.intrinsics import (
    accumulator,
    axes,
    blocks,
    constant,
    kept,
    kind,
    lanes,
    one_axis,
    reduce,
    reduce_along,
    select,
    with_axes,
)


def sum(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, initial=None, where=None):
    return _sum_or_product("add", np.asarray(a), axis, dtype, out, keepdims, initial, where)


def prod(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, initial=None, where=None):
    return _sum_or_product("mul", np.asarray(a), axis, dtype, out, keepdims, initial, where)


def _sum_or_product(operation, a, axis: constant, dtype, out, keepdims: constant, initial, where):
    wanted = _wanted(a, dtype, out)
    chosen = a if where is None else select(mask_of(where), a, a.dtype(0 if operation == "add" else 1))
    result = reduced(operation, chosen, axis, keepdims, wanted)
    if initial is not None:
        result = combine(operation, result, wanted(initial))
    return given(result, out)


def _wanted(a, dtype, out):
    if dtype is not None:
        return dtype
    return accumulator(a) if out is None else out.dtype


def min(a, axis: constant = None, out=None, keepdims: constant = False, initial=None, where=None):
    return _extreme("min", np.asarray(a), axis, out, keepdims, initial, where)


def max(a, axis: constant = None, out=None, keepdims: constant = False, initial=None, where=None):
    return _extreme("max", np.asarray(a), axis, out, keepdims, initial, where)


def _extreme(operation, a, axis: constant, out, keepdims: constant, initial, where):
    if where is not None and initial is None:
        raise ValueError(
            f"reduction operation '{operation}imum' does not have an identity, so to use a where mask one has to specify 'initial'"
        )
    if initial is None:
        return given(reduced(operation, a, axis, keepdims, a.dtype), out)
    # A float becomes an item of integers as in an assignment: what does not fit is an error.
    is_float = kind(initial) == "float" and kind(a.dtype(0)) == "int"
    least = a.dtype(int(initial)) if is_float else a.dtype(initial)
    chosen = a if where is None else select(mask_of(where), a, least)
    along = axes(axis, a.ndim)
    shape = kept(a, along, keepdims)
    seen = blocks(chosen, along)
    if seen.shape[1] == 0:
        result = np.full(shape, least, a.dtype)
        return given(result[()] if len(shape) == 0 else result, out)
    return given(combine(operation, reduced(operation, chosen, axis, keepdims, a.dtype), least), out)


def ptp(a, axis: constant = None, out=None, keepdims: constant = False):
    array = np.asarray(a)
    high = reduced("max", array, axis, keepdims, array.dtype)
    return given(high - reduced("min", array, axis, keepdims, array.dtype), out)


def any(a, axis: constant = None, out=None, keepdims: constant = False, *, where=None):
    if kind(a) == "bool" and axis is None and out is None and not keepdims and where is None:
        # What checks a number needs no array for it.
        return np.bool_(a)
    truths = np.asarray(_truths(np.asarray(a)))
    chosen = truths if where is None else select(mask_of(where), truths, False)
    return given(reduced("or", chosen, axis, keepdims, np.bool_), out)


def all(a, axis: constant = None, out=None, keepdims: constant = False, *, where=None):
    if kind(a) == "bool" and axis is None and out is None and not keepdims and where is None:
        # What checks a number needs no array for it.
        return np.bool_(a)
    truths = np.asarray(_truths(np.asarray(a)))
    chosen = truths if where is None else select(mask_of(where), truths, True)
    return given(reduced("and", chosen, axis, keepdims, np.bool_), out)


def _truths(a):
    return a if kind(a.dtype(0)) == "bool" else a != a.dtype(0)


def count_nonzero(a, axis: constant = None, *, keepdims: constant = False):
    return reduced("add", _truths(np.asarray(a)), axis, keepdims, np.int64)


def mask_of(where):
    return np.asarray(where) if kind(where) == "tuple" else where


def reduced(operation, a, axis: constant, keepdims: constant, dtype):
    """The reduction along axes: a number where all go and none is kept."""
    array = np.asarray(a)
    along = axes(axis, array.ndim)
    name = kind(array.dtype(0))
    if len(along) == 0:
        return dtype(array[()]) if array.ndim == 0 and not keepdims else array.astype(dtype)
    if operation == "min" or operation == "max":
        _refuse_nothing(operation, array, along)
        if name == "complex" and len(along) == array.ndim and not keepdims:
            return _folded(operation, lanes(array, along), dtype)[0]
    # No primitive compares complex numbers, nor combines times along axes.
    if name == "complex" and (operation == "min" or operation == "max"):
        return _folded(operation, blocks(array, along), dtype).reshape(kept(array, along, keepdims))
    if len(along) == array.ndim:
        whole = reduce(operation, array, dtype)
        return np.full(kept(array, along, keepdims), whole) if keepdims else whole
    if name == "time":
        return _folded(operation, blocks(array, along), dtype).reshape(kept(array, along, keepdims))
    result = reduce_along(operation, array, along, dtype)
    return with_axes(result, along) if keepdims else result


def refuse_axis_of_number(a, axis: constant):
    """What some functions do not take: 0 or -1 as an axis of an array without any."""
    if a.ndim == 0 and kind(axis) == "int":
        one_axis(axis, 0)


def _refuse_nothing(operation, a, along):
    count = 1
    for axis in along:
        count *= a.shape[axis]
    if count == 0:
        raise ValueError(f"zero-size array to reduction operation {operation}imum which has no identity")


def _folded(operation, a, dtype):
    # Items that no primitive combines along axes.
    if a.ndim == 2:
        return _folded_rows(operation, a, dtype)
    outer, count, inner = a.shape
    result = np.empty((outer, inner), dtype)
    for i in range(outer):
        row = result[i]
        for k in range(inner):
            row[k] = dtype(a[i, 0, k]) if count > 0 else identity(operation, dtype)
        for j in range(1, count):
            other = a[i, j]
            for k in range(inner):
                row[k] = combine(operation, row[k], dtype(other[k]))
    return result


def _folded_rows(operation, a, dtype):
    result = np.empty(a.shape[0], dtype)
    for i in range(a.shape[0]):
        if kind(a.dtype(0)) == "complex":
            total = dtype(a[i, 0])
            for j in range(1, a.shape[1]):
                total = combine(operation, total, dtype(a[i, j]))
            result[i] = total
        else:
            result[i] = reduce(operation, a[i], dtype)
    return result


def identity(operation, dtype):
    return dtype(1) if operation == "mul" or operation == "and" else dtype(0)


def combine(operation, x, y):
    if operation == "add":
        return x + y
    if operation == "mul":
        return x * y
    if operation == "or":
        return x | y
    if operation == "and":
        return x & y
    return np.minimum(x, y) if operation == "min" else np.maximum(x, y)


def given(result, out):
    """The result, put into `out` where that is given."""
    if out is None:
        return result
    ranks = 0 if kind(result) != "array" else result.ndim
    if out.ndim != ranks:
        raise ValueError("output parameter for reduction operation has the wrong number of dimensions")
    if ranks > 0:
        if out.shape != result.shape:
            raise ValueError("output parameter for reduction operation has the wrong shape")
    if _rank_of_kind(result) > _rank_of_kind(out):
        raise TypeError("Cannot cast ufunc output with casting rule 'same_kind'")
    out[...] = result
    return out


def _rank_of_kind(x):
    name = kind(x.dtype(0))
    if name == "bool":
        return 0
    if name == "int":
        return 1
    return 2 if name == "float" else 3
