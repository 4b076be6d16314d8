"""NumPy's sets: arrays in order, each item once."""

import numpy as np
from _numpy_sorting import argsort, less, sort
from numir.intrinsics import axes, constant, lanes, named, one_axis, result_type


def unique(
    ar,
    return_index: constant = False,
    return_inverse: constant = False,
    return_counts: constant = False,
    axis: constant = None,
    *,
    equal_nan: bool = True,
    sorted=True,
):
    array = np.asarray(ar)
    if axis is not None:
        return _unique_rows(array, one_axis(axis, array.ndim), return_index, return_inverse, return_counts)
    items = array.reshape(-1)
    if not return_index and not return_inverse and not return_counts:
        return _once(sort(items), equal_nan)
    order = argsort(items)
    count = 0
    places = np.empty(len(order) + 1, np.int64)
    inverse = np.empty(len(order), np.int64)
    for i in range(len(order)):
        if i == 0 or not _same(items[order[i]], items[order[i - 1]], equal_nan):
            places[count] = i
            count += 1
        inverse[order[i]] = count - 1
    places[count] = len(order)
    values = np.empty(count, array.dtype)
    index = np.empty(count, np.int64)
    counts = np.empty(count, np.int64)
    for i in range(count):
        index[i] = order[places[i]]
        values[i] = items[index[i]]
        counts[i] = places[i + 1] - places[i]
    result = (values,)
    if return_index:
        result = result + (index,)
    if return_inverse:
        result = result + (inverse.reshape(array.shape),)
    if return_counts:
        result = result + (counts,)
    return result


def unique_values(x, /):
    return _once(sort(np.asarray(x).reshape(-1)), False)


def unique_counts(x, /):
    values, counts = unique(x, return_counts=True, equal_nan=False)
    return named("UniqueCountsResult", values, counts)


def unique_inverse(x, /):
    values, inverse = unique(x, return_inverse=True, equal_nan=False)
    return named("UniqueInverseResult", values, inverse)


def unique_all(x, /):
    values, indices, inverse, counts = unique(x, True, True, True, equal_nan=False)
    return named("UniqueAllResult", values, indices, inverse, counts)


def _unique_rows(array, along: constant, return_index: constant, return_inverse: constant, return_counts: constant):
    """The slices along an axis that differ, in the order of their items."""
    moved = np.moveaxis(array, along, 0)
    rows = lanes(moved, axes(None, moved.ndim)[1:])
    order = _row_order(rows)
    count = 0
    starts = np.empty(len(order) + 1, np.int64)
    inverse = np.empty(len(order), np.int64)
    for i in range(len(order)):
        if i == 0 or _differ(rows[order[i]], rows[order[i - 1]]):
            starts[count] = i
            count += 1
        inverse[order[i]] = count - 1
    starts[count] = len(order)
    values = np.empty((count, rows.shape[1]), array.dtype)
    index = np.empty(count, np.int64)
    for i in range(count):
        index[i] = order[starts[i]]
        values[i] = rows[index[i]]
    result = (np.moveaxis(values.reshape((count,) + moved.shape[1:]), 0, along),)
    if return_index:
        result = result + (index,)
    if return_inverse:
        result = result + (inverse,)
    if return_counts:
        result = result + (starts[1 : count + 1] - starts[:count],)
    return result if len(result) > 1 else result[0]


def _row_order(rows):
    """The stable order of rows by their first items, then their second ones and so on."""
    order = np.arange(len(rows))
    keys = np.empty(len(rows), rows.dtype)
    for column in range(rows.shape[1] - 1, -1, -1):
        for i in range(len(rows)):
            keys[i] = rows[order[i], column]
        order = order[argsort(keys)]
    return order


def _differ(one, other):
    for i in range(len(one)):
        if one[i] != other[i]:
            return True
    return False


def _same(x, y, equal_nan):
    return x == y or (equal_nan and x != x and y != y)


def _once(items, equal_nan):
    """What is left of items in order if each is kept once."""
    count = 0
    for i in range(len(items)):
        if i == 0 or not _same(items[i], items[i - 1], equal_nan):
            items[count] = items[i]
            count += 1
    return items[:count].copy()


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    array = np.asarray(element)
    known = sort(np.asarray(test_elements).reshape(-1))
    items = array.reshape(-1)
    found = np.empty(len(items), np.bool_)
    for i in range(len(items)):
        found[i] = _contains(known, items[i]) != invert
    return found.reshape(array.shape)


def _contains(known, item):
    """Whether an item is among some in order."""
    wanted = result_type(known, item)
    low, high = 0, len(known)
    while low < high:
        middle = (low + high) >> 1
        behind = less(wanted(known[middle]), wanted(item))
        low = middle + 1 if behind else low
        high = high if behind else middle
    return low < len(known) and known[low] == item


def intersect1d(ar1, ar2, assume_unique=False, return_indices: constant = False):
    wanted = result_type(np.asarray(ar1), np.asarray(ar2))
    x, first = unique(np.asarray(ar1), return_index=True)
    y, second = unique(np.asarray(ar2), return_index=True)
    count = 0
    values = np.empty(min(len(x), len(y)), wanted)
    left = np.empty(len(values), np.int64)
    right = np.empty(len(values), np.int64)
    i, j = 0, 0
    while i < len(x) and j < len(y):
        one, other = wanted(x[i]), wanted(y[j])
        if one == other:
            values[count] = one
            left[count] = first[i]
            right[count] = second[j]
            count += 1
        after = less(other, one)
        same = one == other
        i += int(not after)
        j += int(after or same)
    if return_indices:
        return values[:count].copy(), left[:count].copy(), right[:count].copy()
    return values[:count].copy()


def _joined(x, y):
    result = np.empty(x.size + y.size, result_type(x, y))
    result[: x.size] = x.reshape(-1)
    result[x.size :] = y.reshape(-1)
    return result


def union1d(ar1, ar2):
    return unique(_joined(np.asarray(ar1), np.asarray(ar2)))


def setdiff1d(ar1, ar2, assume_unique=False):
    array = np.asarray(ar1)
    items = array.reshape(-1).copy() if assume_unique else unique(array)
    known = sort(np.asarray(ar2).reshape(-1))
    count = 0
    for i in range(len(items)):
        if not _contains(known, items[i]):
            items[count] = items[i]
            count += 1
    return items[:count].copy()


def setxor1d(ar1, ar2, assume_unique=False):
    x, y = np.asarray(ar1), np.asarray(ar2)
    if assume_unique:
        return _lonely(sort(_joined(x, y)))
    return _lonely(sort(_joined(unique(x), unique(y))))


def _lonely(items):
    """The items in order that differ from their neighbours."""
    result = np.empty(len(items), items.dtype)
    count = 0
    for i in range(len(items)):
        if (i == 0 or items[i] != items[i - 1]) and (i == len(items) - 1 or items[i] != items[i + 1]):
            result[count] = items[i]
            count += 1
    return result[:count].copy()
