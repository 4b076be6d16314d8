"""NumPy's reductions that pass over NaN: it is replaced by what changes nothing, or left out of rows."""

import numpy as np
from _numpy_quantiles import median_of, quantiles_without_nan, shaped, weighted_quantiles
from _numpy_reductions import given, reduced
from _numpy_reductions import prod as plain_prod
from _numpy_reductions import sum as plain_sum
from _numpy_sorting import argmax, argmin
from _numpy_statistics import as_dtype, inexact, squares
from _numpy_sums import cumprod, cumsum
from numir.intrinsics import axes, constant, kept, kind, lanes, select


def _filled(a, value):
    if kind(a.dtype(0)) == "float" or kind(a.dtype(0)) == "complex":
        return select(a == a, a, a.dtype(value))
    return a


def nansum(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, initial=None, where=None):
    if kind(np.asarray(a).dtype(0)) == "time":
        return np.sum(np.asarray(a), axis, dtype, out, keepdims)
    return plain_sum(_filled(np.asarray(a), 0), axis, dtype, out, keepdims, initial, where)


def nanprod(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, initial=None, where=None):
    return plain_prod(_filled(np.asarray(a), 1), axis, dtype, out, keepdims, initial, where)


def nancumsum(a, axis: constant = None, dtype=None, out=None):
    return cumsum(_filled(np.asarray(a), 0), axis, dtype, out)


def nancumprod(a, axis: constant = None, dtype=None, out=None):
    return cumprod(_filled(np.asarray(a), 1), axis, dtype, out)


def nanmin(a, axis: constant = None, out=None, keepdims: constant = False, initial=None, where=None):
    return _extreme("min", np.asarray(a), np.inf, axis, out, keepdims, initial, where)


def nanmax(a, axis: constant = None, out=None, keepdims: constant = False, initial=None, where=None):
    return _extreme("max", np.asarray(a), -np.inf, axis, out, keepdims, initial, where)


def _extreme(operation, a, worst, axis: constant, out, keepdims: constant, initial, where):
    if kind(a.dtype(0)) == "time" and initial is None and where is None:
        along = axes(axis, a.ndim)
        return given(shaped(_extreme_times(operation, lanes(a, along)), kept(a, along, keepdims)), out)
    if kind(a.dtype(0)) != "float":
        if operation == "min":
            return np.min(a, axis, out, keepdims, initial, where)
        return np.max(a, axis, out, keepdims, initial, where)
    chosen = _filled(a, worst)
    if operation == "min":
        result = np.min(chosen, axis, None, keepdims, initial, where)
    else:
        result = np.max(chosen, axis, None, keepdims, initial, where)
    if initial is not None:
        return given(result, out)
    present = reduced("or", a == a, axis, keepdims, np.bool_)
    return given(select(present, result, a.dtype(np.nan)), out)


def _extreme_times(operation, rows):
    """The first or the last time of each row, of which NaT is none."""
    if rows.shape[1] == 0:
        raise ValueError(f"zero-size array to reduction operation f{operation} which has no identity")
    result = np.empty(len(rows), rows.dtype)
    for i in range(len(rows)):
        found = rows[i, 0]
        for item in rows[i]:
            found = np.fmin(found, item) if operation == "min" else np.fmax(found, item)
        result[i] = found
    return result


def nanmean(a, axis: constant = None, dtype=None, out=None, keepdims: constant = False, *, where=None):
    array = np.asarray(a)
    if kind(array.dtype(0)) == "time":
        return np.mean(array, axis, dtype, out, keepdims)
    wanted = inexact(array) if dtype is None else dtype
    wide = np.float32 if wanted == np.float16 else wanted
    total = plain_sum(_filled(array, 0), axis, wide, None, keepdims, None, where)
    return given(as_dtype(total / as_dtype(_count(array, axis, keepdims, where), wide), wanted), out)


def _count(a, axis: constant, keepdims: constant, where):
    return plain_sum(a == a, axis, np.int64, None, keepdims, None, where)


def nanvar(
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
    wanted = inexact(array) if dtype is None else dtype
    less = ddof if correction is None else correction
    return given(_var(array, axis, wanted, less, keepdims, where, mean), out)


def nanstd(
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
    squared = nanvar(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
    return given(np.sqrt(squared), out)


def _var(a, axis: constant, dtype, ddof, keepdims: constant, where, mean):
    real = dtype(0).real.dtype
    centre = nanmean(a, axis, dtype, None, True, where=where) if mean is None else mean
    distances = select(a == a, a - centre, dtype(0)) if kind(a.dtype(0)) in ("float", "complex") else a - centre
    total = plain_sum(squares(distances), axis, real, None, keepdims, None, where)
    rest = _count(a, axis, keepdims, where) - ddof
    return select(rest > 0, total / as_dtype(rest, real), real(np.nan))


def nanmedian(a, axis: constant = None, out=None, overwrite_input=False, keepdims: constant = False):
    array = np.asarray(a)
    along = axes(axis, array.ndim)
    rows = lanes(array, along)
    medians = np.empty(rows.shape[0], inexact(array))
    spare = np.empty(rows.shape[1], array.dtype)
    for i in range(len(medians)):
        count = 0
        for item in rows[i]:
            if item == item:
                spare[count] = item
                count += 1
        medians[i] = median_of(spare[:count], inexact(array))
    return given(shaped(medians, kept(array, along, keepdims)), out)


def nanpercentile(
    a,
    q,
    axis: constant = None,
    out=None,
    overwrite_input=False,
    method="linear",
    keepdims: constant = False,
    *,
    weights=None,
):
    message = "Percentiles must be in the range [0, 100]"
    if weights is not None:
        return given(weighted_quantiles(np.asarray(a), q, 100.0, message, axis, method, keepdims, weights, True), out)
    return given(quantiles_without_nan(np.asarray(a), q, 100.0, message, axis, method, keepdims), out)


def nanquantile(
    a,
    q,
    axis: constant = None,
    out=None,
    overwrite_input=False,
    method="linear",
    keepdims: constant = False,
    *,
    weights=None,
):
    message = "Quantiles must be in the range [0, 1]"
    if weights is not None:
        return given(weighted_quantiles(np.asarray(a), q, 1.0, message, axis, method, keepdims, weights, True), out)
    return given(quantiles_without_nan(np.asarray(a), q, 1.0, message, axis, method, keepdims), out)


def nanargmin(a, axis: constant = None, out=None, *, keepdims: constant = False):
    array = np.asarray(a)
    _check_present(array, axis)
    return argmin(_filled(array, np.inf), axis, out, keepdims=keepdims)


def nanargmax(a, axis: constant = None, out=None, *, keepdims: constant = False):
    array = np.asarray(a)
    _check_present(array, axis)
    return argmax(_filled(array, -np.inf), axis, out, keepdims=keepdims)


def _check_present(a, axis: constant):
    if kind(a.dtype(0)) == "float":
        present = reduced("or", a == a, axis, False, np.bool_)
        if not np.all(present):
            if a.size > 0:
                raise ValueError("All-NaN slice encountered")
