"""NumPy's running sums, differences and integrals along an axis."""

import numpy as np
from _numpy_reductions import combine, given, identity
from numir.intrinsics import accumulator, axes, blocks, constant, kind, lanes, one_axis, places, result_type, unlaned


def cumsum(a, axis: constant = None, dtype=None, out=None):
    return given(_running("add", np.atleast_1d(a), axis, dtype, False), out)


def cumprod(a, axis: constant = None, dtype=None, out=None):
    return given(_running("mul", np.atleast_1d(a), axis, dtype, False), out)


def cumulative_sum(x, /, *, axis: constant = None, dtype=None, out=None, include_initial: constant = False):
    array = np.asarray(x)
    if axis is None and array.ndim != 1:
        raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
    return given(_running("add", array, axis, dtype, include_initial), out)


def cumulative_prod(x, /, *, axis: constant = None, dtype=None, out=None, include_initial: constant = False):
    array = np.asarray(x)
    if axis is None and array.ndim != 1:
        raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
    return given(_running("mul", array, axis, dtype, include_initial), out)


def _running(operation, a, axis: constant, dtype, initial: constant):
    wanted = accumulator(a) if dtype is None else dtype
    if axis is None:
        return _along_rows(operation, lanes(a, axes(None, a.ndim)), wanted, initial)[0]
    along = one_axis(axis, a.ndim)
    # In C order, so that axes keep their places.
    seen = blocks(a.reshape(a.shape), along)
    if seen.ndim == 2:
        return unlaned(_along_rows(operation, seen, wanted, initial), a, along)
    result = _down_columns(operation, seen, wanted, initial)
    shape = a.shape[:along] + (result.shape[1],) + a.shape[along + 1 :]
    return result.reshape(shape)


def _along_rows(operation, rows, dtype, initial):
    first = 1 if initial else 0
    result = np.empty((rows.shape[0], rows.shape[1] + first), dtype)
    for i in range(rows.shape[0]):
        total = identity(operation, dtype)
        if initial:
            result[i, 0] = total
        for j in range(rows.shape[1]):
            total = dtype(rows[i, j]) if j == 0 else combine(operation, total, dtype(rows[i, j]))
            result[i, j + first] = total
    return result


def _down_columns(operation, a, dtype, initial):
    outer, count, inner = a.shape
    first = 1 if initial else 0
    result = np.empty((outer, count + first, inner), dtype)
    for i in range(outer):
        if initial:
            result[i, 0] = identity(operation, dtype)
        if count > 0:
            result[i, first] = a[i, 0]
        for j in range(1, count):
            before, row, other = result[i, j + first - 1], result[i, j + first], a[i, j]
            for k in range(inner):
                row[k] = combine(operation, before[k], dtype(other[k]))
    return result


def diff(a, n=1, axis: constant = -1, prepend=None, append=None):
    array = np.asarray(a)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    if array.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    along = one_axis(axis, array.ndim)
    rows = lanes(array, along)
    if prepend is not None:
        rows = _joined(_as_rows(prepend, rows, along), rows)
    if append is not None:
        rows = _joined(rows, _as_rows(append, rows, along))
    if array.dtype.kind == "M":
        if n == 0:
            raise NotImplementedError("diff of dates, n = 0: differences of dates are of another type")
        # Differences of dates are spans, whose differences are spans.
        rows = _differences(rows)
        n = n - 1
    else:
        rows = rows.copy()
    for _ in range(n):
        if rows.shape[1] > 0:
            rows = _differences(rows)
    return unlaned(rows, array, along)


def _as_rows(x, rows, along: constant):
    one = np.asarray(x)
    if one.ndim > 0:
        return lanes(one, along)
    return np.full((rows.shape[0], 1), one[()], one.dtype)


def _joined(left, right):
    if left.shape[0] != right.shape[0]:
        raise ValueError("all the input array dimensions except for the concatenation axis must match exactly")
    middle = left.shape[1]
    result = np.empty((left.shape[0], middle + right.shape[1]), result_type(left, right))
    result[:, :middle] = left
    result[:, middle:] = right
    return result


def _differences(rows):
    wanted = (rows - rows).dtype if rows.dtype.kind == "M" else rows.dtype
    result = np.empty((rows.shape[0], max(rows.shape[1] - 1, 0)), wanted)
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            x, y = rows[i, j + 1], rows[i, j]
            result[i, j] = x != y if kind(x) == "bool" else x - y
    return result


def ediff1d(ary, to_end=None, to_begin=None):
    row = np.asarray(ary).reshape(-1)
    before = 0 if to_begin is None else np.asarray(to_begin).size
    behind = 0 if to_end is None else np.asarray(to_end).size
    count = max(len(row) - 1, 0)
    result = np.empty(before + count + behind, row.dtype)
    if to_begin is not None:
        result[:before] = np.asarray(to_begin).reshape(-1)
    for i in range(count):
        result[before + i] = row[i + 1] - row[i]
    if to_end is not None:
        result[before + count :] = np.asarray(to_end).reshape(-1)
    return result


def trapezoid(y, x=None, dx=1.0, axis: constant = -1):
    array = np.asarray(y)
    along = one_axis(axis, array.ndim)
    if x is None:
        return _trapezoids(array, _no_places(array), dx, along)
    places = np.asarray(x)
    if places.ndim == 1:
        if len(places) != array.shape[along]:
            raise ValueError("operands could not be broadcast together")
        return _trapezoids(array, places.reshape((1, places.size)), None, along)
    if places.shape != array.shape:
        raise ValueError("operands could not be broadcast together")
    return _trapezoids(array, lanes(places, along), None, along)


def _no_places(a):
    return np.empty((1, 0), np.float64)


def _trapezoids(a, places, dx, along: constant):
    rows = lanes(a, along)
    distance = places.dtype(0) if dx is None else dx
    zero = (rows.dtype(0) + rows.dtype(0)) * distance / 2.0
    result = np.empty(rows.shape[0], result_type(zero))
    for i in range(rows.shape[0]):
        total = zero
        for j in range(rows.shape[1] - 1):
            wide = distance
            if dx is None:
                at = i if places.shape[0] > 1 else 0
                wide = places[at, j + 1] - places[at, j]
            total += wide * (rows[i, j + 1] + rows[i, j]) / 2.0
        result[i] = total
    if a.ndim == 1:
        return result[0]
    return result.reshape(a.shape[:along] + a.shape[along + 1 :])


def gradient(f, *varargs, axis: constant = None, edge_order=1):
    array = np.asarray(f)
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    if kind(axis) == "tuple":
        return _gradients(array, varargs, places(axis, array.ndim), edge_order)
    if array.ndim == 1 or axis is not None:
        along = one_axis(0 if axis is None else axis, array.ndim)
        if len(varargs) > 1:
            raise TypeError("invalid number of arguments")
        spacing = varargs[0] if len(varargs) == 1 else 1.0
        return _gradient(array, spacing, along, edge_order)
    return _gradients(array, varargs, axes(None, array.ndim), edge_order)


def _gradients(array, varargs, along: constant, edge_order):
    if len(varargs) > 1 and len(varargs) != len(along):
        raise TypeError("invalid number of arguments")
    result = ()
    number = 0
    for axis in along:
        spacing = 1.0
        if len(varargs) > 0:
            spacing = varargs[number if len(varargs) > 1 else 0]
        result = result + (_gradient(array, spacing, axis, edge_order),)
        number += 1
    return result


def _gradient(a, spacing, along: constant, edge_order):
    if a.shape[along] < edge_order + 1:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required."
        )
    rows = lanes(a, along)
    count = rows.shape[1]
    wanted = np.float64 if kind(a.dtype(0)) == "int" or kind(a.dtype(0)) == "bool" else a.dtype
    h = np.empty(count - 1, np.float64)
    if kind(spacing) == "array":
        if len(spacing) != count:
            raise ValueError("when 1d, distances must match the length of the corresponding dimension")
        for j in range(count - 1):
            h[j] = spacing[j + 1] - spacing[j]
    else:
        h[:] = spacing
    result = np.empty(rows.shape, wanted)
    for i in range(rows.shape[0]):
        _slopes(rows[i], h, result[i], edge_order, wanted)
    return unlaned(result, a, along)


def _slopes(row, h, result, edge_order, dtype):
    last = len(row) - 1
    for j in range(1, last):
        x, y, z = dtype(row[j - 1]), dtype(row[j]), dtype(row[j + 1])
        p, q = h[j - 1], h[j]
        result[j] = dtype(
            (z - x) / (2.0 * p) if p == q else -q / (p * (p + q)) * x + (q - p) / (p * q) * y + p / (q * (p + q)) * z
        )
    if edge_order == 1:
        result[0] = dtype((dtype(row[1]) - dtype(row[0])) / h[0])
        result[last] = dtype((dtype(row[last]) - dtype(row[last - 1])) / h[last - 1])
        return
    p, q = h[0], h[1]
    x, y, z = dtype(row[0]), dtype(row[1]), dtype(row[2])
    result[0] = dtype(-(2.0 * p + q) / (p * (p + q)) * x + (p + q) / (p * q) * y - p / (q * (p + q)) * z)
    p, q = h[last - 2], h[last - 1]
    x, y, z = dtype(row[last - 2]), dtype(row[last - 1]), dtype(row[last])
    result[last] = dtype(q / (p * (p + q)) * x - (q + p) / (p * q) * y + (2.0 * q + p) / (q * (p + q)) * z)
