"""NumPy's counts by bins: histogram, histogram2d, histogramdd, bincount, digitize."""

import numpy as np
from _numpy_estimates import estimated_bins
from _numpy_sorting import less
from numir.intrinsics import classify, constant, item_at, kind, put_at, result_type, to_int


def histogram(a, bins=10, range=None, density: constant = None, weights=None):
    items = np.asarray(a).reshape(-1)
    if kind(bins) == "text":
        if weights is not None:
            raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
        return histogram(items, estimated_bins(_within(items, range), bins), range, density)
    edges = histogram_edges(items, bins, range)
    if weights is None:
        counts = np.zeros(len(edges) - 1, np.int64)
        _count(items, edges, bins, counts, np.ones(1, np.int64), range is None)
        return (_dense(counts, edges) if density is not None and density else counts), edges
    by = np.asarray(weights)
    if by.shape != np.asarray(a).shape:
        raise ValueError("weights should have the same shape as a.")
    sums = np.zeros(len(edges) - 1, by.dtype)
    _count(items, edges, bins, sums, by.reshape(-1), range is None)
    return (_dense(sums, edges) if density is not None and density else sums), edges


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    items = np.asarray(a).reshape(-1)
    if kind(bins) == "text":
        return histogram_edges(items, estimated_bins(_within(items, range), bins), range)
    return histogram_edges(items, bins, range)


def _within(items, limits):
    if limits is None:
        return items
    return items[(items >= limits[0]) & (items <= limits[1])]


def histogram_edges(items, bins, limits):
    if kind(bins) == "array" or kind(bins) == "tuple":
        edges = np.asarray(bins)
        if edges.ndim != 1:
            raise ValueError("`bins` must be 1d, when an array")
        for i in range(len(edges) - 1):
            if edges[i] > edges[i + 1]:
                raise ValueError("`bins` must increase monotonically, when an array")
        return edges
    if kind(bins) != "int":
        raise TypeError("`bins` must be an integer, a string, or an array")
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if limits is None:
        if items.size == 0:
            return np.linspace(0, 1, bins + 1).astype(_inexact(items))
        return _equal_edges(items, items.min(), items.max(), bins, "autodetected")
    low, high = limits
    if low > high:
        raise ValueError("max must be larger than min in range parameter.")
    return _equal_edges(items, low, high, bins, "supplied")


def _inexact(items):
    return items.dtype if kind(items.dtype(0)) == "float" else np.float64


def _equal_edges(items, low, high, bins, whose):
    first, last = float(low), float(high)
    if not (classify("isfinite", first) and classify("isfinite", last)):
        raise ValueError(f"{whose} range of [{first}, {last}] is not finite")
    if first == last:
        first, last = first - 0.5, last + 0.5
    inexact = _inexact(items)
    return np.linspace(inexact(first), inexact(last), bins + 1)


def _count(items, edges, bins, counts, weights, inside: constant):
    """Adds each item's weight to its bin, of which only the last has its upper edge. Of some it is known that all items are inside of the edges."""
    last = len(counts) - 1
    if last < 0:
        return
    first, end = edges[0], edges[last + 1]
    step = 0 if len(weights) == 1 and len(items) != 1 else 1
    if kind(bins) == "int":
        # How far the position of an item among the bins may be off by rounding, in bins.
        scale = edges.dtype(last + 1) / (end - first)
        unit = edges.dtype(16.0 * 2.0 ** (-52 if edges.itemsize == 8 else -23 if edges.itemsize == 4 else -10))
        doubt = unit * (edges.dtype(last + 1) + max(abs(first), abs(end)) * scale)
        if doubt < 0.25 and last < 2147483647:
            _count_in_blocks(items, edges, counts, weights, step, scale, doubt, inside)
        else:
            _count_one_by_one(items, edges, counts, weights, step)
        return
    for i in range(len(items)):
        x = items[i]
        if first <= x <= end:
            counts[_bin(edges, x, last)] += weights[i * step]


def _count_one_by_one(items, edges, counts, weights, step: int):
    last = len(counts) - 1
    first, end = edges[0], edges[last + 1]
    whole = end - first
    scale = edges.dtype(last + 1)
    for i in range(len(items)):
        x = items[i]
        if first <= x <= end:
            place = min(to_int((edges.dtype(x) - first) / whole * scale), last)
            counts[_corrected(edges, x, place, last)] += weights[i * step]


def _corrected(edges, x, place: int, last: int):
    """The bin of an item, given one that rounding may have put beside it."""
    lower = place - int(x < edges[place])
    return lower + int(x >= edges[lower + 1] and lower != last)


def _count_in_blocks(items, edges, counts, weights, step: int, scale, doubt, inside: constant):
    """The bins of 1024 items at a time, by a loop without branches; where any of them is in doubt, they are compared with the edges."""
    last = len(counts) - 1
    first, end = edges[0], edges[last + 1]
    places = np.empty(1024, np.int32)
    # The same, known not to be negative.
    bins = places.view(np.uint32)
    # One more, for the items outside.
    found = np.zeros(last + 2, counts.dtype)
    for begin in range(0, len(items), 1024):
        block = items[begin : begin + 1024]
        uncertain = False
        for i in range(len(block)):
            x = block[i]
            position = (edges.dtype(x) - first) * scale
            uncertain |= abs(position - np.rint(position)) < doubt
            if inside:
                # That of the upper edge is behind the last; it is in doubt.
                places[i] = np.int32(position)
            else:
                place = min(np.int32(position), np.int32(last))
                places[i] = place if first <= x <= end else np.int32(last + 1)
        if uncertain:
            for i in range(len(block)):
                if inside or places[i] <= last:
                    places[i] = _corrected(edges, block[i], min(int(places[i]), last), last)
        if step == 0:
            for i in range(len(block)):
                put_at(found, bins[i], item_at(found, bins[i]) + weights[0])
        else:
            for i in range(len(block)):
                put_at(found, bins[i], item_at(found, bins[i]) + weights[begin + i])
    counts += found[:-1]


def _bin(edges, x, last: int):
    """The bin of a number between the edges; the last edge belongs to the last bin."""
    return min(_behind(edges, x) - 1, last)


def _behind(edges, x):
    """How many edges are not greater than a number."""
    low, high = 0, len(edges)
    while low < high:
        middle = (low + high) >> 1
        behind = edges[middle] <= x
        low = middle + 1 if behind else low
        high = high if behind else middle
    return low


def _dense(counts, edges):
    result = np.empty(len(counts), np.float64)
    total = counts.sum()
    for i in range(len(counts)):
        result[i] = counts[i] / (edges[i + 1] - edges[i]) / total
    return result


def histogram2d(x, y, bins=10, range=None, density: constant = None, weights=None):
    one, other = np.asarray(x), np.asarray(y)
    if len(one) != len(other):
        raise ValueError("x and y must have the same length.")
    rows, columns = bins if kind(bins) == "tuple" else (bins, bins)
    across, along = (None, None) if range is None else range
    xedges, yedges = histogram_edges(one, rows, across), histogram_edges(other, columns, along)
    counts = _counted((one, other), (xedges, yedges), weights)
    return (_densities(counts, (xedges, yedges)) if density is not None and density else counts), xedges, yedges


def histogramdd(sample, bins=10, range=None, density: constant = None, weights=None):
    if kind(sample) != "tuple":
        raise NotImplementedError(
            "histogramdd of an array: how many axes its result has is not known before the function runs. "
            "Pass the columns as a tuple, as in (a[:, 0], a[:, 1])"
        )
    many = bins if kind(bins) == "tuple" else (bins,) * len(sample)
    if len(many) != len(sample):
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    limits = (None,) * len(sample) if range is None else range
    if len(limits) != len(sample):
        raise ValueError("range argument must have one entry per dimension")
    columns = ()
    edges = ()
    for column, count, limit in zip(sample, many, limits):
        columns = columns + (np.asarray(column),)
        edges = edges + (histogram_edges(np.asarray(column), count, limit),)
    counts = _counted(columns, edges, weights)
    return (_densities(counts, edges) if density is not None and density else counts), edges


def _counted(columns, edges, weights):
    """How often rows of numbers lie in the boxes between edges, or the sums of their weights."""
    shape = ()
    for one in edges:
        shape = shape + (len(one) - 1,)
    counts = np.zeros(shape)
    for i in range(len(columns[0])):
        place = ()
        is_inside = True
        for column, one in zip(columns, edges):
            x, last = column[i], len(one) - 1
            if one[0] <= x <= one[last]:
                place = place + (_bin(one, x, last - 1),)
            else:
                place = place + (0,)
                is_inside = False
        if is_inside:
            counts[place] += 1.0 if weights is None else weights[i]
    return counts


def _densities(counts, edges):
    total = counts.sum()
    result = np.empty(counts.shape)
    for place in np.ndindex(counts.shape):
        value = counts[place]
        for index, one in zip(place, edges):
            value = value / (one[index + 1] - one[index])
        result[place] = value / total
    return result


def bincount(x, /, weights=None, minlength=0):
    items = np.asarray(x)
    if kind(items.dtype(0)) != "int" and kind(items.dtype(0)) != "bool":
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'safe'")
    if items.ndim != 1:
        raise ValueError("object too deep for desired array")
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    lowest, highest = np.int64(0), np.int64(-1)
    for i in range(len(items)):
        place = np.int64(items[i])
        lowest = place if place < lowest else lowest
        highest = place if place > highest else highest
    if lowest < 0:
        raise ValueError("'list' argument must have no negative elements")
    size = max(int(highest) + 1, int(minlength))
    if weights is None:
        counts = np.zeros(size, np.int64)
        for i in range(len(items)):
            place = np.int64(items[i])
            put_at(counts, place, item_at(counts, place) + 1)
        return counts
    by = np.asarray(weights)
    if len(by) != len(items):
        raise ValueError("The weights and list don't have the same length.")
    sums = np.zeros(size, np.float64)
    for i in range(len(items)):
        place = np.int64(items[i])
        put_at(sums, place, item_at(sums, place) + by[i])
    return sums


def digitize(x, bins, right=False):
    edges = np.asarray(bins)
    rises, falls = True, True
    for i in range(len(edges) - 1):
        rises = rises and edges[i] <= edges[i + 1]
        falls = falls and edges[i] >= edges[i + 1]
    if not rises and not falls:
        raise ValueError("bins must be monotonically increasing or decreasing")
    if kind(x) != "array" and kind(x) != "tuple":
        return np.int64(_digit(edges, x, right, rises))
    array = np.asarray(x)
    items = array.reshape(-1)
    result = np.empty(len(items), np.int64)
    for i in range(len(items)):
        result[i] = _digit(edges, items[i], right, rises)
    return result.reshape(array.shape)


def _digit(edges, x, right, rises):
    wanted = result_type(edges, x)
    count = len(edges)
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        edge = wanted(edges[middle if rises else count - 1 - middle])
        item = wanted(x)
        behind = less(edge, item) if right else not less(item, edge)
        low = middle + 1 if behind else low
        high = high if behind else middle
    return low if rises else count - low
