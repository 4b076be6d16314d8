"""NumPy functions, as far as they are not primitives."""

import numpy as np
from _numpy_applying import (
    apply_along_axis,
    apply_over_axes,
    asanyarray,
    asarray_chkfinite,
    astype,
    block,
    frombuffer,
    iscomplex,
    iscomplexobj,
    isneginf,
    isposinf,
    isreal,
    isrealobj,
    isscalar,
    iterable,
    mask_indices,
    piecewise,
    poly,
    polydiv,
    sort_complex,
)
from _numpy_bits import packbits, unpackbits
from _numpy_busdays import busday_count, busday_offset, is_busday
from _numpy_creation import (
    ascontiguousarray,
    asfortranarray,
    diag,
    diagflat,
    eye,
    fromfunction,
    geomspace,
    identity,
    indices,
    logspace,
    meshgrid,
    tri,
    tril,
    triu,
    vander,
)
from _numpy_elements import (
    allclose,
    angle,
    around,
    array_equal,
    array_equiv,
    clip,
    fix,
    isclose,
    isfortran,
    isnat,
    nan_to_num,
    real_if_close,
    sinc,
    unwrap,
)
from _numpy_elements import around as round
from _numpy_histograms import bincount, digitize, histogram, histogram2d, histogram_bin_edges, histogramdd
from _numpy_indexing import (
    argwhere,
    compress,
    copyto,
    diag_indices,
    extract,
    fill_diagonal,
    flatnonzero,
    ix_,
    nonzero,
    place,
    put,
    put_along_axis,
    putmask,
    take,
    take_along_axis,
    tril_indices,
    triu_indices,
    where,
)
from _numpy_indexing import select_ as select
from _numpy_joining import (
    append,
    array_split,
    column_stack,
    concat,
    concatenate,
    delete,
    dsplit,
    dstack,
    hsplit,
    hstack,
    insert,
    repeat,
    resize,
    roll,
    split,
    stack,
    tile,
    unstack,
    vsplit,
    vstack,
)
from _numpy_joining import vstack as row_stack
from _numpy_matmul import dot, matmul, matvec, vecdot, vecmat
from _numpy_memory import may_share_memory, shares_memory
from _numpy_nan import (
    nanargmax,
    nanargmin,
    nancumprod,
    nancumsum,
    nanmax,
    nanmean,
    nanmedian,
    nanmin,
    nanpercentile,
    nanprod,
    nanquantile,
    nanstd,
    nansum,
    nanvar,
)
from _numpy_padding import pad, trim_zeros
from _numpy_places import choose, ravel_multi_index, unravel_index
from _numpy_polynomials import polyadd, polyder, polyfit, polyint, polymul, polysub, polyval, roots
from _numpy_products import cross, inner, kron, outer, tensordot, trace, vdot
from _numpy_quantiles import median, percentile, quantile
from _numpy_records import argsort, sort
from _numpy_reductions import count_nonzero, ptp
from _numpy_reductions import max as amax
from _numpy_reductions import min as amin
from _numpy_sets import (
    intersect1d,
    isin,
    setdiff1d,
    setxor1d,
    union1d,
    unique,
    unique_all,
    unique_counts,
    unique_inverse,
    unique_values,
)
from _numpy_shapes import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_shapes,
    expand_dims,
    flip,
    fliplr,
    flipud,
    matrix_transpose,
    moveaxis,
    permute_dims,
    ravel,
    reshape,
    rollaxis,
    rot90,
    squeeze,
    swapaxes,
    transpose,
)
from _numpy_signals import convolve, corrcoef, correlate, cov, interp
from _numpy_sorting import argmax, argmin, argpartition, lexsort, partition, searchsorted
from _numpy_statistics import average, std, var
from _numpy_sums import cumprod, cumsum, cumulative_prod, cumulative_sum, diff, ediff1d, gradient, trapezoid
from _numpy_views import (
    broadcast_arrays,
    broadcast_to,
    diag_indices_from,
    diagonal,
    tril_indices_from,
    triu_indices_from,
)
from _numpy_windows import bartlett, blackman, hamming, hanning, i0, kaiser
from numir.intrinsics import axes as _chosen
from numir.intrinsics import classify, constant, kind, result_type


def arange(start, stop=None, step=1, dtype=None, *, device=None):
    if kind(start) == "text":
        return arange(_date(start, dtype), stop if stop is None else _date(stop, dtype), step)
    if kind(start) == "time":
        if dtype is None:
            return _dates(start, stop, step)
        return _dates(start.astype(dtype), _as_dates(stop, dtype), step)
    if stop is None:
        return _arange(0, start, step, result_type(_strong(start), _strong(step)) if dtype is None else dtype)
    if dtype is None:
        return _arange(start, stop, step, result_type(_strong(start), _strong(stop), _strong(step)))
    return _arange(start, stop, step, dtype)


def _dates(start, stop, step):
    """Dates from one to another, or spans of time; without a second the first is the end, from no time on. The end of dates may be told
    by how much is between."""
    if stop is None:
        if start.dtype.kind == "M":
            raise ValueError("arange requires both a start and a stop for NumPy datetime64 ranges")
        return _dates(start - start, start, step)
    last = _end(start, stop)
    # In the finer of both units.
    first = start + (last - start) * 0
    width = (first + step) - first
    count = int(np.ceil((last - first) / width))
    result = np.empty(max(count, 0), first.dtype)
    for i in range(len(result)):
        result[i] = first + width * i
    return result


def _end(start, stop):
    if start.dtype.kind == "M":
        if kind(stop) != "time":
            return start + stop
        if stop.dtype.kind != "M":
            return start + stop
    return stop


def _as_dates(x, dtype):
    """Dates as others; what is none stays as it is."""
    if kind(x) == "time":
        if x.dtype.kind == "M":
            return x.astype(dtype)
    return x


def _date(text, dtype):
    return np.array((text,), dtype=dtype)[0]


def _strong(number):
    """A number as a NumPy scalar: Python's own count as int64 and float64 here."""
    if isinstance(number, int):
        return np.int64(number)
    return np.float64(number) if isinstance(number, float) else number


def _arange(start, stop, step, dtype):
    result = np.empty(_length(start, stop, step), dtype)
    # As NumPy: two items, and the distance between them, in the array's own type, is that of all.
    first = dtype(start)
    second = dtype(start + step)
    distance = second - first
    for i in range(len(result)):
        result[i] = first + dtype(i) * distance
    if len(result) > 1:
        result[1] = second
    return result


def _length(start, stop, step):
    if kind(start) == "int" and kind(stop) == "int" and kind(step) == "int":
        return len(range(int(start), int(stop), _nonzero(int(step))))
    count = np.ceil(float(stop - start) / float(step))
    if classify("isnan", count):
        raise ValueError("arange: cannot compute length")
    if count > 9223372036854775000.0:
        raise ValueError("Maximum allowed size exceeded")
    return int(count) if count > 0.0 else 0


def _nonzero(step: int):
    if step == 0:
        raise ZeroDivisionError("division by zero")
    return step


def linspace(
    start, stop, num: int = 50, endpoint: bool = True, retstep: constant = False, dtype=None, axis: constant = 0
):
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    if kind(start) == "array" or kind(start) == "tuple" or kind(stop) == "array" or kind(stop) == "tuple":
        result = _lines_between(np.asarray(start), np.asarray(stop), num, endpoint, dtype)
        first, last = np.asarray(start) * 1.0, np.asarray(stop) * 1.0
        moved = result if axis == 0 else np.moveaxis(result, 0, axis)
        return (moved, _distance(last - first, num, endpoint)) if retstep else moved
    result = _linspace(start, stop, num, endpoint, dtype)
    return (result, _distance(np.float64(1) * stop - start, num, endpoint)) if retstep else result


def _distance(span, num: int, endpoint: bool):
    intervals = num - 1 if endpoint else num
    return span / float(intervals) if intervals > 0 else span * np.nan


def _lines_between(start, stop, num: int, endpoint: bool, dtype):
    """Rows from one array to another."""
    first, last = np.broadcast_arrays(start, stop)
    wanted = result_type(start, stop, 1.0) if dtype is None else dtype
    result = np.empty((num,) + first.shape, wanted)
    for spot in np.ndindex(first.shape):
        line = _linspace(first[spot], last[spot], num, endpoint, dtype)
        for i in range(num):
            result[(i,) + spot] = line[i]
    return result


def _linspace(start, stop, num: int, endpoint: bool, dtype):
    inexact = result_type(start, stop, 1.0)
    wanted = inexact if dtype is None else dtype
    result = np.empty(num, wanted)
    intervals = num - 1 if endpoint else num
    first = inexact(start)
    span = inexact(stop) - first
    step = span / inexact(max(intervals, 1))
    for i in range(num):
        if intervals <= 0:
            value = inexact(i) * span + first
        elif step == 0:
            value = inexact(i) / inexact(intervals) * span + first
        else:
            value = inexact(i) * step + first
        result[i] = _item(value, wanted)
    if endpoint and num > 1:
        result[num - 1] = _item(inexact(stop), wanted)
    return result


def _item(value, dtype):
    """A number as an item: an integer is rounded down."""
    if kind(dtype(0)) == "int":
        return dtype(np.floor(value))
    return dtype(value)


def real(val):
    return val.real


def imag(val):
    return val.imag


def ndim(a):
    return a.ndim if kind(a) == "array" else len(shape(a))


def shape(a):
    if kind(a) == "tuple":
        return np.asarray(a).shape
    return a.shape if kind(a) == "array" else ()


def size(a, axis: constant = None):
    if kind(a) == "tuple":
        return size(np.asarray(a), axis)
    if kind(a) != "array":
        return 1
    if kind(axis) == "tuple":
        count = 1
        for one in _chosen(axis, a.ndim):
            count *= a.shape[one]
        return count
    return a.size if axis is None else a.shape[axis]
