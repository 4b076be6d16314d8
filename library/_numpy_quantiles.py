"""NumPy's orders of magnitude: median, percentile, quantile. Few places of a row are found by selection, many by sorting."""

import numpy as np
from _numpy_reductions import given, refuse_axis_of_number
from _numpy_sorting import numbers_first, sort_row
from _numpy_statistics import inexact
from numir.intrinsics import axes, constant, kept, kind, lanes, libm, reduce, result_type


def median(a, axis: constant = None, out=None, overwrite_input=False, keepdims: constant = False):
    array = np.asarray(a)
    refuse_axis_of_number(array, axis)
    along = axes(axis, array.ndim)
    rows = lanes(array, along)
    medians = np.empty(rows.shape[0], inexact(array))
    spare = np.empty(rows.shape[1], array.dtype)
    for i in range(len(medians)):
        spare[:] = rows[i]
        medians[i] = median_of(spare, inexact(array))
    return given(shaped(medians, kept(array, along, keepdims)), out)


def shaped(results, shape):
    return results[0] if len(shape) == 0 else results.reshape(shape)


def median_of(row, dtype):
    """The median of a row, whose items change places."""
    count = len(row)
    if kind(row.dtype(0)) == "time":
        return _middle_time(row)
    if count == 0:
        return dtype(np.nan)
    for i in range(count):
        if row[i] != row[i]:
            return dtype(np.nan)
    half = count >> 1
    if kind(row.dtype(0)) == "complex":
        sort_row(row)
        return row[half] if count & 1 else dtype((row[half - 1] + row[half]) / 2)
    select_item(row, half)
    upper = dtype(row[half])
    if count & 1:
        return upper
    lower = dtype(reduce("max", row[:half]))
    return dtype((lower + upper) / dtype(2))


def _middle_time(row):
    """The median of spans of time; no time of none."""
    count = len(row)
    if count == 0:
        return np.full(1, np.timedelta64("NaT"), row.dtype)[0]
    for i in range(count):
        if row[i] != row[i]:
            return row[i]
    half = count >> 1
    select_item(row, half)
    upper = row[half]
    if count & 1:
        return upper
    return (reduce("max", row[:half]) + upper) / 2


def select_item(row, place: int):
    """Moves items so that the one that is at a place in order is there, none after it is less and none before it greater."""
    low, high = 0, len(row) - 1
    rounds = 0
    while low < high:
        if rounds > 64:
            sort_row(row)
            return
        rounds += 1
        pivot = _middle(row[low], row[(low + high) >> 1], row[high])
        i, j = low, high
        while i <= j:
            while row[i] < pivot:
                i += 1
            while pivot < row[j]:
                j -= 1
            if i <= j:
                x, y = row[i], row[j]
                row[i] = y
                row[j] = x
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            return


def _middle(x, y, z):
    if y < x:
        if z < y:
            return y
        return z if z < x else x
    if z < x:
        return x
    return z if z < y else y


def percentile(
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
    if weights is not None:
        return given(
            weighted_quantiles(
                np.asarray(a),
                q,
                100.0,
                "Percentiles must be in the range [0, 100]",
                axis,
                method,
                keepdims,
                weights,
                False,
            ),
            out,
        )
    return given(
        _quantiles(np.asarray(a), q, 100.0, "Percentiles must be in the range [0, 100]", axis, method, keepdims, False),
        out,
    )


def quantile(
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
    if weights is not None:
        return given(
            weighted_quantiles(
                np.asarray(a), q, 1.0, "Quantiles must be in the range [0, 1]", axis, method, keepdims, weights, False
            ),
            out,
        )
    return given(
        _quantiles(np.asarray(a), q, 1.0, "Quantiles must be in the range [0, 1]", axis, method, keepdims, False), out
    )


def quantiles_without_nan(a, q, whole, message, axis: constant, method, keepdims: constant):
    return _quantiles(a, q, whole, message, axis, method, keepdims, True)


def _quantiles(a, q, whole, message, axis: constant, method, keepdims: constant, skip):
    """The quantiles of rows; several ones lie along a first axis of the result."""
    if kind(a.dtype(0)) == "complex":
        raise TypeError("a must be an array of real numbers")
    along = axes(axis, a.ndim)
    rows = lanes(a, along)
    if rows.shape[1] == 0 and rows.shape[0] > 0 and not skip:
        raise IndexError("index -1 is out of bounds for axis 0 with size 0")
    asked = np.asarray(q) if kind(q) == "array" or kind(q) == "tuple" else np.full(1, q, np.float64)
    wanted = a.dtype
    is_item = method == "lower" or method == "higher" or method == "nearest"
    if not (is_item or method == "inverted_cdf" or method == "closest_observation"):
        # Several places are an array, whose dtype counts; a number's does not.
        wanted = inexact(a) if kind(q) != "array" and kind(q) != "tuple" else result_type(inexact(a), inexact(asked))
    places = np.empty(asked.size, np.float64)
    position = 0
    for item in asked.flat:
        places[position] = item / whole
        if not 0.0 <= places[position] <= 1.0:
            raise ValueError(message)
        position += 1
    result = np.empty((len(places), rows.shape[0]), wanted)
    spare = np.empty(rows.shape[1], a.dtype)
    for i in range(rows.shape[0]):
        spare[:] = rows[i]
        numbers = spare[: numbers_first(spare, spare, spare, 0)]
        if len(places) > 4:
            sort_row(numbers)
        for j in range(len(places)):
            if len(numbers) < len(spare) and not skip:
                result[j, i] = wanted(spare[len(spare) - 1])
                continue
            if len(places) <= 4:
                _arrange(numbers, places[j], method)
            result[j, i] = quantile_of(numbers, places[j], method, wanted)
    shape = kept(a, along, keepdims)
    if kind(q) == "array" or kind(q) == "tuple":
        return result.reshape(asked.shape + shape)
    return shaped(result[0], shape)


def weighted_quantiles(a, q, whole, message, axis: constant, method, keepdims: constant, weights, skip):
    """The least items up to which the weights are a part of all weights."""
    if method != "inverted_cdf":
        raise ValueError(f"Only method 'inverted_cdf' supports weights. Got: {method}.")
    along = axes(axis, a.ndim)
    rows, heavy = lanes(a, along), lanes(_spread(np.asarray(weights), a, axis, along), along)
    for weight in heavy.flat:
        if weight < 0:
            raise ValueError("Weights must be non-negative.")
    asked = np.asarray(q) if kind(q) == "array" or kind(q) == "tuple" else np.full(1, q, np.float64)
    parts = np.empty(asked.size, np.float64)
    position = 0
    for item in asked.flat:
        parts[position] = item / whole
        if not 0.0 <= parts[position] <= 1.0:
            raise ValueError(message)
        position += 1
    result = np.empty((len(parts), len(rows)), a.dtype)
    for i in range(len(rows)):
        _weigh(rows[i], heavy[i], parts, result[:, i], skip)
    shape = kept(a, along, keepdims)
    if kind(q) == "array" or kind(q) == "tuple":
        return result.reshape(asked.shape + shape)
    return shaped(result[0], shape)


def _spread(weights, a, axis: constant, along: constant):
    """A weight for each item."""
    if weights.shape == a.shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.ndim != len(along):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    shape = ()
    number = 0
    for place in axes(None, a.ndim):
        if place in along:
            if weights.shape[number] != a.shape[place]:
                raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
            shape = shape + (a.shape[place],)
            number += 1
        else:
            shape = shape + (1,)
    return np.broadcast_to(weights.reshape(shape), a.shape)


def _weigh(row, weights, parts, result, skip):
    """The quantiles of one row."""
    order = np.argsort(row)
    count = len(row)
    while skip and count > 0 and row[order[count - 1]] != row[order[count - 1]]:
        count -= 1
    if count == 0:
        result[:] = row[order[0]]
        return
    sums = np.empty(count, np.float64)
    total = 0.0
    for i in range(count):
        total += float(weights[order[i]])
        sums[i] = total
    if not total > 0.0 or total == np.inf:
        raise ValueError("Weights included NaN, inf or were all zero.")
    last = row[order[count - 1]]
    for j in range(len(parts)):
        place = 0
        # Items without weight at the start are no quantiles.
        while place < count - 1 and (sums[place] / total < parts[j] or sums[place] == 0.0):
            place += 1
        result[j] = row[order[place]] if last == last else last


def _arrange(row, q, method):
    """Moves the items that a quantile is made of to where they are in order."""
    if len(row) > 0:
        below = int(_within(_virtual_place(len(row), q, method), len(row)))
        select_item(row, below)
        if below + 1 < len(row):
            select_item(row[below + 1 :], 0)


def _within(place: float, count: int):
    return min(max(place, 0.0), float(count - 1))


def quantile_of(row, q, method, dtype):
    """A quantile of a row in order, without NaN."""
    count = len(row)
    if count == 0:
        if kind(dtype(0)) == "int":
            raise IndexError("cannot do a non-empty take from an empty axes.")
        return dtype(np.nan)
    place = _within(_virtual_place(count, q, method), count)
    below = int(place)
    if method == "lower":
        return dtype(row[below])
    if method == "higher":
        return dtype(row[int(libm("ceil", place))])
    if method == "nearest":
        return dtype(row[int(libm("rint", place))])
    above = min(below + 1, count - 1)
    x, y = dtype(row[below]), dtype(row[above])
    part = place - float(below)
    if method == "midpoint":
        part = 0.5 if part > 0.0 else 0.0
    distance = y - x
    if part >= 0.5:
        return dtype(y - distance * dtype(1.0 - part))
    return dtype(x + distance * dtype(part))


def _virtual_place(count: int, q: float, method):
    """Where in the row a quantile lies, by Hyndman and Fan."""
    n = float(count)
    if method == "hazen":
        return n * q - 0.5
    if method == "weibull":
        return (n + 1.0) * q - 1.0
    if method == "median_unbiased":
        return n * q + (1.0 / 3.0 + q * (1.0 / 3.0)) - 1.0
    if method == "normal_unbiased":
        return n * q + (3.0 / 8.0 + q * (1.0 / 4.0)) - 1.0
    if method == "interpolated_inverted_cdf":
        return n * q - 1.0
    if method == "inverted_cdf":
        return libm("ceil", n * q - 1.0)
    if method == "averaged_inverted_cdf":
        place = n * q - 1.0
        return place + 0.5 if place == libm("floor", place) else libm("ceil", place)
    if method == "closest_observation":
        place = n * q - 1.5
        below = libm("floor", place)
        return below if place == below and int(below) % 2 != 0 else below + 1.0
    if method != "linear" and method != "lower" and method != "higher" and method != "midpoint" and method != "nearest":
        raise ValueError(
            f"'{method}' is not a valid method. Use one of: dict_keys(['inverted_cdf', 'averaged_inverted_cdf', "
            "'closest_observation', 'interpolated_inverted_cdf', 'hazen', 'weibull', 'linear', 'median_unbiased', "
            "'normal_unbiased', 'lower', 'higher', 'midpoint', 'nearest'])"
        )
    return (n - 1.0) * q
