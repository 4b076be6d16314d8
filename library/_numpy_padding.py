"""np.pad in NumPy's modes, and np.trim_zeros."""

import numpy as np
from numir.intrinsics import axes as all_axes
from numir.intrinsics import constant, kind


def pad(
    array,
    pad_width,
    mode: constant = "constant",
    *,
    constant_values=None,
    end_values=None,
    stat_length=None,
    reflect_type: constant = None,
):
    a = np.asarray(array)
    _fitting(mode, constant_values, "constant_values", mode == "constant")
    _fitting(mode, end_values, "end_values", mode == "linear_ramp")
    is_statistic = mode == "maximum" or mode == "minimum" or mode == "mean" or mode == "median"
    _fitting(mode, stat_length, "stat_length", is_statistic)
    is_mirror = mode == "reflect" or mode == "symmetric"
    _fitting(mode, reflect_type, "reflect_type", is_mirror)
    widths = _widths(pad_width, a.ndim)
    shape = ()
    inside = ()
    for extent, width in zip(a.shape, widths):
        shape = shape + (extent + width[0] + width[1],)
        inside = inside + (slice(width[0], width[0] + extent),)
    result = np.empty(shape, a.dtype)
    result[inside] = a
    for axis in all_axes(None, a.ndim):
        before, behind = widths[axis]
        extent = a.shape[axis]
        # Axes that come later are padded later: corners are theirs.
        seen = result[(slice(None),) * (axis + 1) + inside[axis + 1 :]]
        rows = np.moveaxis(seen, axis, 0)
        if mode == "constant":
            values = _pairs(0 if constant_values is None else constant_values, a.ndim)
            _fill(rows, before, extent, behind, values[axis][0], values[axis][1])
        elif mode != "empty":
            if extent == 0 and before + behind > 0:
                raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
            if a.size > 0:
                if mode == "edge":
                    _fill(rows, before, extent, behind, _row(rows, before), _row(rows, before + extent - 1))
                elif mode == "linear_ramp":
                    ends = _pairs(0 if end_values is None else end_values, a.ndim)
                    _ramps(rows, before, extent, behind, ends[axis][0], ends[axis][1])
                elif is_statistic:
                    lengths = _lengths(stat_length, a.ndim)
                    _statistics(rows, before, extent, behind, mode, lengths[axis][0], lengths[axis][1])
                elif mode == "wrap":
                    _repeat(rows, before, extent, behind, "wrap", False)
                elif is_mirror:
                    _repeat(rows, before, extent, behind, mode, reflect_type == "odd")
                else:
                    raise ValueError(f"mode '{mode}' is not supported")
    return result


def _fitting(mode: constant, value, name: constant, fits: constant):
    if value is not None and not fits:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {{'{name}'}}")


def _pairs(given, count: constant):
    """What holds before and behind each axis."""
    if kind(given) == "array":
        raise NotImplementedError("pad: widths and values in an array; give them as a tuple")
    if kind(given) != "tuple":
        return ((given, given),) * count
    if kind(given[0]) != "tuple":
        return (_pair(given),) * count
    if len(given) == 1:
        return (_pair(given[0]),) * count
    if len(given) != count:
        raise ValueError("operands could not be broadcast together with remapped shapes")
    result = ()
    for one in given:
        result = result + (_pair(one),)
    return result


def _pair(given):
    if len(given) == 1:
        return (given[0], given[0])
    if len(given) != 2:
        raise ValueError("operands could not be broadcast together with remapped shapes")
    return (given[0], given[1])


def _widths(given, count: constant):
    pairs = _pairs(given, count)
    for pair in pairs:
        for width in pair:
            if kind(width) != "int":
                raise TypeError("`pad_width` must be of integral type.")
            if width < 0:
                raise ValueError("index can't contain negative values")
    return pairs


def _lengths(given, count: constant):
    pairs = _pairs(given, count)
    for pair in pairs:
        for length in pair:
            if length is not None:
                if length < 0:
                    raise ValueError("index can't contain negative values")
    return pairs


def _row(rows, i: int):
    """A copy of a row, or a number."""
    return rows[i] if rows.ndim == 1 else rows[i].copy()


def _fill(rows, before: int, extent: int, behind: int, first, last):
    for i in range(before):
        rows[i] = first
    for i in range(behind):
        rows[before + extent + i] = last


def _ramps(rows, before: int, extent: int, behind: int, first, last):
    low, high = _row(rows, before), _row(rows, before + extent - 1)
    for i in range(before):
        rows[i] = _on_ramp(first, low, i, before, rows)
    for i in range(behind):
        rows[before + extent + behind - 1 - i] = _on_ramp(last, high, i, behind, rows)


def _on_ramp(end, edge, i: int, count: int, rows):
    value = (edge * 1.0 - end) / count * i + end
    return np.floor(value) if kind(rows.dtype(0)) == "int" else value


def _statistics(rows, before: int, extent: int, behind: int, mode: constant, left, right):
    start = extent if left is None else min(left, extent)
    stop = extent if right is None else min(right, extent)
    if (start == 0 or stop == 0) and (mode == "maximum" or mode == "minimum"):
        raise ValueError("stat_length of 0 yields no value for padding")
    first = _statistic(rows[before : before + start], mode)
    last = _statistic(rows[before + extent - stop : before + extent], mode)
    _fill(rows, before, extent, behind, first, last)


def _statistic(rows, mode: constant):
    if mode == "maximum":
        return np.amax(rows, axis=0)
    if mode == "minimum":
        return np.amin(rows, axis=0)
    value = np.mean(rows, axis=0) if mode == "mean" else np.median(rows, axis=0)
    return np.rint(value) if kind(rows.dtype(0)) == "int" else value


def _repeat(rows, before: int, extent: int, behind: int, mode: constant, odd: constant):
    for i in range(before):
        _put(rows, before, extent, before - 1 - i, mode, odd)
    for i in range(behind):
        _put(rows, before, extent, before + extent + i, mode, odd)


def _put(rows, before: int, extent: int, to: int, mode: constant, odd: constant):
    """Fills a row that lies outside by what lies inside, of which it is a period or a mirror's image."""
    place = to - before
    if mode == "wrap":
        rows[to] = rows[before + place % extent]
    elif extent == 1:
        rows[to] = rows[before]
    else:
        around = 1 if mode == "reflect" else 0
        period = 2 * (extent - around)
        within = place % period
        is_image = within >= extent
        source = before + (2 * extent - 1 - around - within if is_image else within)
        if odd:
            # The mirror turns values too: about an edge, and a period further by twice the distance of the edges.
            times = (place - within) // period
            span = rows[before + extent - 1] - rows[before]
            shifted = rows[before] * 0 + span * rows.dtype(2 * times)
            if is_image:
                rows[to] = shifted + (rows[before + extent - 1] * rows.dtype(2) - rows[source])
            else:
                rows[to] = shifted + rows[source]
        else:
            rows[to] = rows[source]


def trim_zeros(filt, trim="fb", axis: constant = None):
    a = np.asarray(filt)
    front = trim == "fb" or trim == "bf" or trim == "f" or trim == "FB" or trim == "BF" or trim == "F"
    back = trim == "fb" or trim == "bf" or trim == "b" or trim == "FB" or trim == "BF" or trim == "B"
    if not front and not back:
        raise ValueError(f"unexpected character(s) in `trim`: '{trim}'")
    chosen = all_axes(axis, a.ndim)
    places = np.nonzero(a)
    index = ()
    for k in all_axes(None, a.ndim):
        start, stop = 0, a.shape[k]
        if k in chosen:
            if len(places[k]) == 0:
                stop = 0
            else:
                if front:
                    start = places[k].min()
                if back:
                    stop = places[k].max() + 1
        index = index + (slice(start, stop),)
    return a[index]
