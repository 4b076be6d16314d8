"""Samples and orders: choice, shuffle, permutation, permuted, of numpy.random and Generator."""

import _random_checks as check
import numpy as np
from _random_integers import integers
from _random_source import bounded, double, interval
from numir.intrinsics import constant, kind


def shuffle_ints(source, first: int, items):
    """Brings the items of a line into another order, from the last one down to the one numbered `first`."""
    for i in range(items.size - 1, first - 1, -1):
        j = bounded(source, i)
        items[i], items[j] = items[j], items[i]


def shuffle(source, x, axis: constant = 0):
    rows = x if axis == 0 else np.swapaxes(x, 0, axis)
    if rows.ndim == 1:
        _shuffle_line(source, rows)
        return
    for i in range(len(rows) - 1, 0, -1):
        j = interval(source, i)
        if i != j:
            row = rows[i].copy()
            rows[i] = rows[j]
            rows[j] = row


def permutation(source, x, axis: constant = 0):
    if kind(x) != "array" and kind(x) != "tuple":
        order = np.arange(int(x))
        _shuffle_line(source, order)
        return order
    array = np.asarray(x)
    if array.ndim == 1:
        out = array.copy()
        _shuffle_line(source, out)
        return out
    order = np.arange(array.shape[axis])
    _shuffle_line(source, order)
    return np.take(array, order, axis)


def _shuffle_line(source, line):
    for i in range(len(line) - 1, 0, -1):
        j = interval(source, i)
        line[i], line[j] = line[j], line[i]


def choice(source, a, size, replace, p, axis: constant, mix):
    """Items of `a` along an axis, or ints below `a`: `mix` says whether those of a sample without repetition come in any order."""
    items = np.asarray(a) if kind(a) == "array" or kind(a) == "tuple" else int(a)
    population = items.shape[axis] if kind(items) == "array" else items
    if population <= 0 and (size is None or population < 0 or np.empty(size, np.bool_).size > 0):
        if kind(source) == "text":
            if kind(items) == "array":
                raise ValueError("'a' cannot be empty unless no samples are taken")
            raise ValueError("a must be greater than 0 unless no samples are taken")
        if kind(items) == "array":
            raise ValueError("a cannot be empty unless no samples are taken")
        raise ValueError("a must be a positive integer unless no samples are taken")
    weights = None if p is None else np.asarray(p, np.float64)
    if weights is not None:
        if kind(source) == "text":
            check.legacy_probabilities(weights, population)
        else:
            check.probabilities(weights, population)
    chosen = _chosen(source, population, size, replace, weights, mix)
    if kind(items) != "array":
        return chosen
    if items.ndim == 1:
        return items[chosen]
    return np.take(items, chosen, axis)


def _chosen(source, population: int, size, replace, weights, mix):
    if size is None:
        if weights is not None:
            return int(np.searchsorted(_cumulative(weights), double(source), "right"))
        if kind(source) == "text" and not replace:
            return int(permutation(source, population)[0])
        return integers(source, 0, population, None, np.int64, False)
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    if not replace and flat.size > population:
        if kind(source) == "text":
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        raise ValueError("Cannot take a larger sample than population when replace is False")
    if flat.size == 0:
        return out
    if weights is not None:
        if replace:
            _weighted(source, weights, flat)
        else:
            _weighted_without(source, weights, flat)
    elif replace:
        return integers(source, 0, population, size, np.int64, False)
    elif kind(source) == "text":
        flat[:] = permutation(source, population)[: flat.size]
    else:
        _sample(source, population, flat, mix)
    return out


def _cumulative(weights):
    sums = np.cumsum(weights)
    return sums / sums[-1]


def _weighted(source, weights, out):
    sums = _cumulative(weights)
    for i in range(out.size):
        out[i] = np.searchsorted(sums, double(source), "right")


def _weighted_without(source, weights, found):
    """Draws as many as are missing, takes each new one once, gives it no weight any more, and goes on."""
    if np.count_nonzero(weights > 0) < found.size:
        raise ValueError("Fewer non-zero entries in p than size")
    left = weights.copy()
    count = 0
    while count < found.size:
        draws = np.empty(found.size - count)
        for i in range(draws.size):
            draws[i] = double(source)
        for i in range(count):
            left[found[i]] = 0.0
        sums = _cumulative(left)
        seen = np.zeros(weights.size, np.bool_)
        for draw in draws:
            index = np.searchsorted(sums, draw, "right")
            if not seen[index]:
                seen[index] = True
                found[count] = index
                count += 1


def _sample(source, population: int, out, mix):
    """Ints below `population` without repetition: the end of a shuffled line where they are many, else by Floyd's algorithm."""
    size = out.size
    if population > 10000 and size > population // (50 if mix else 20):
        line = np.arange(population)
        shuffle_ints(source, max(population - size, 1), line)
        out[:] = line[population - size :]
        return
    taken = set_of(size)
    for j in range(population - size, population):
        value = bounded(source, j)
        if not enter(taken, value):
            value = j
            enter(taken, j)
        out[j - population + size] = value
    if mix:
        shuffle_ints(source, 1, out)


def set_of(size: int):
    """A table for so many ints that are not negative, with room to spare; -1 stands where there is none."""
    mask = int(1.2 * size)
    for shift in (1, 2, 4, 8, 16, 32):
        mask |= mask >> shift
    return np.full(mask + 1, -1)


def enter(table, value: int):
    """Enters an int where it is not there yet, and tells whether it was not."""
    mask = table.size - 1
    place = value & mask
    while table[place] != -1:
        if table[place] == value:
            return False
        place = (place + 1) & mask
    table[place] = value
    return True


def permuted(source, x, axis: constant = None, out=None):
    array = np.asarray(x)
    if out is not None and out.shape != array.shape:
        raise ValueError("out must have the same shape as x")
    result = array.copy() if out is None else out
    if out is not None:
        result[...] = array
    if axis is None:
        line = result.reshape(-1).copy()
        _shuffle_line(source, line)
        result[...] = line.reshape(result.shape)
        return result
    lanes = np.moveaxis(result, axis, -1)
    for place in np.ndindex(lanes.shape[:-1]):
        _shuffle_line(source, lanes[place])
    return result
