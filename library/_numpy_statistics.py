"""NumPy's means and spreads: mean, var, std, average."""

import numpy as np
from _numpy_reductions import given, reduced, refuse_axis_of_number
from numir.intrinsics import axes, constant, kind, reduce, result_type, select


def mean(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, *, where=None):
    array = np.asarray(a)
    refuse_axis_of_number(array, axis)
    wanted = inexact(array) if dtype is None else dtype
    return given(_mean(array, axis, wanted, keepdims, where), out)


def inexact(a):
    """The dtype of an array's mean."""
    name = kind(a.dtype(0))
    return np.float64 if name == "bool" or name == "int" else a.dtype


def _mean(a, axis: constant, dtype, keepdims: constant, where):
    # Sums of narrow floats are taken in wider ones.
    wide = np.float32 if dtype == np.float16 else dtype
    chosen = a if where is None else select(where, a, a.dtype(0))
    total = reduced("add", chosen, axis, keepdims, wide)
    result = total / as_dtype(_count(a, axis, keepdims, where), wide)
    return as_dtype(result, dtype)


def as_dtype(x, dtype):
    return x.astype(dtype) if kind(x) == "array" else dtype(x)


def _count(a, axis: constant, keepdims: constant, where):
    """How many items a reduction takes: an int, or an array of them where a mask chooses."""
    if where is None:
        count = 1
        for along in axes(axis, a.ndim):
            count *= a.shape[along]
        return np.int64(count)
    chosen = np.empty(a.shape, np.int64)
    chosen[...] = where
    return reduced("add", chosen, axis, keepdims, np.int64)


def var(
    a,
    axis: constant = None,
    dtype=None,
    out=None,
    ddof=0,
    keepdims: constant = False,
    *,
    where=None,
    mean=None,
    correction=None,
):
    array = np.asarray(a)
    refuse_axis_of_number(array, axis)
    wanted = inexact(array) if dtype is None else dtype
    less = ddof if correction is None else correction
    return given(_var(array, axis, wanted, less, keepdims, where, mean), out)


def std(
    a,
    axis: constant = None,
    dtype=None,
    out=None,
    ddof=0,
    keepdims: constant = False,
    *,
    where=None,
    mean=None,
    correction=None,
):
    squared = var(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
    return given(np.sqrt(squared), out)


def _var(a, axis: constant, dtype, ddof, keepdims: constant, where, mean):
    wide = np.float32 if dtype == np.float16 else dtype
    real = wide(0).real.dtype
    if axis is None and not keepdims and where is None and mean is None:
        centre = _mean(a, None, wide, False, None)
        total = reduce("add", np.asarray(squares(a - centre)))
        return as_dtype(total / real(max(a.size - ddof, 0)), real if dtype != np.float16 else dtype)
    centre = _mean(a, axis, wide, True, where) if mean is None else mean
    distances = squares(a - centre)
    chosen = distances if where is None else select(where, distances, real(0))
    total = reduced("add", chosen, axis, keepdims, real)
    count = _count(a, axis, keepdims, where)
    rest = as_dtype(np.maximum(count - ddof, 0), real)
    return as_dtype(total / rest, real if dtype != np.float16 else dtype)


def squares(x):
    """The squared distance of each item from 0."""
    if kind(x.dtype(0)) == "complex":
        return x.real * x.real + x.imag * x.imag
    return x * x


def average(a, axis: constant = None, weights=None, returned: constant = False, *, keepdims: constant = False):
    array = np.asarray(a)
    refuse_axis_of_number(array, axis)
    if weights is None:
        result = _mean(array, axis, inexact(array), keepdims, None)
        if kind(result) == "array":
            if result.size == 0:
                raise ZeroDivisionError("division by zero")
        if returned:
            return result, _full_like(result, _count(array, axis, keepdims, None))
        return result
    by = np.asarray(weights)
    wanted = result_type(array, by, inexact(array))
    if by.ndim != array.ndim:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if by.ndim != 1:
            raise NotImplementedError("average: weights of more than one axis, but of fewer than the array")
        spread = np.empty(array.shape, by.dtype)
        _spread(spread, by, axes(axis, array.ndim)[0])
        return _average(array, spread, axis, wanted, returned, keepdims)
    if by.shape != array.shape:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    return _average(array, by, axis, wanted, returned, keepdims)


def _spread(target, weights, along: constant):
    if len(weights) != target.shape[along]:
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    for place in np.ndindex(target.shape):
        target[place] = weights[place[along]]


def _average(a, weights, axis: constant, wanted, returned: constant, keepdims: constant):
    scale = reduced("add", weights, axis, keepdims, wanted)
    if (scale == 0) if kind(scale) != "array" else (scale == 0).any():
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    result = reduced("add", a * weights, axis, keepdims, wanted) / scale
    return (result, scale) if returned else result


def _full_like(x, value):
    if kind(x) == "array":
        return np.full(x.shape, value, x.dtype)
    return x.dtype(value)
