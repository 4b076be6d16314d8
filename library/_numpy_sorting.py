"""NumPy's sorting and searching. NaN is greater than all numbers.

A row of numbers is sorted by the runtime. Complex numbers and times are sorted by merging: runs of 16 by insertion, then pairs of runs from
one buffer into another. Both are stable, and so serve every `kind`.
"""

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import axes, blocks, call_runtime, constant, kept, kind, lanes, one_axis, reduce, unlaned


def sort(a, axis: constant = -1, kind: constant = None, order=None, *, stable=None):
    _check_kind(kind)
    array = np.asarray(a)
    if axis is None:
        return _sorted_rows(lanes(array, axes(None, array.ndim)))[0]
    along = one_axis(axis, array.ndim)
    return unlaned(_sorted_rows(lanes(array, along)), array, along)


def sort_in_place(a, axis: constant = -1, kind: constant = None, order=None, *, stable=None):
    _check_kind(kind)
    along = one_axis(axis, a.ndim)
    a[...] = unlaned(_sorted_rows(lanes(a, along)), a, along)


def _check_kind(name: constant):
    """All are served by one sort."""
    if name is not None:
        if name not in ("quicksort", "mergesort", "heapsort", "stable", "quick", "merge", "heap", "q", "m", "h", "s"):
            raise ValueError(f"sort kind must be one of 'quick', 'heap', or 'stable' (got '{name}')")


def argsort(a, axis: constant = -1, kind: constant = None, order=None, *, stable=None):
    _check_kind(kind)
    array = np.asarray(a)
    if array.ndim == 0 and (axis is None or axis == 0 or axis == -1):
        return np.zeros(1, np.int64)
    if axis is None:
        return _ordered_rows(lanes(array, axes(None, array.ndim)))[0]
    along = one_axis(axis, array.ndim)
    return unlaned(_ordered_rows(lanes(array, along)), array, along)


def _sorted_rows(rows):
    result = np.empty(rows.shape, rows.dtype)
    result[...] = rows
    for i in range(rows.shape[0]):
        sort_row(result[i])
    return result


def sort_row(row):
    """Sorts a row in place."""
    number = _class_of(row)
    if number is None:
        merge_sort(row, np.empty(len(row), row.dtype))
    else:
        _check(call_runtime("sort_row", number, row.itemsize, row, len(row), row.strides[0] // row.itemsize))


def _ordered_rows(rows):
    result = np.empty(rows.shape, np.int64)
    number = _class_of(rows)
    if number is None:
        _merge_rows(rows, result)
        return result
    count, size, step = rows.shape[1], rows.itemsize, rows.strides[1] // rows.itemsize
    for i in range(rows.shape[0]):
        _check(call_runtime("sort_places", number, size, rows[i], count, step, result[i]))
    return result


def _class_of(array):
    """What the runtime calls the numbers; None of those that it does not sort."""
    letter = array.dtype.kind
    if letter == "f":
        return 2
    if letter == "i":
        return 1
    return 0 if letter == "u" or letter == "b" else None


def _check(status: int):
    if status == 2:
        raise KeyboardInterrupt
    if status != 0:
        raise MemoryError("no memory to sort in")


def _merge_rows(rows, result):
    count = rows.shape[1]
    keys = np.empty(count, rows.dtype)
    spare = np.empty(count, rows.dtype)
    others = np.empty(count, np.int64)
    for i in range(rows.shape[0]):
        keys[:] = rows[i]
        order = result[i]
        for j in range(count):
            order[j] = j
        merge_sort_pairs(keys, order, spare, others)


def less(x, y):
    """Whether x comes before y: NaN is behind all numbers, complex numbers go by real and then imaginary part."""
    if kind(x) == "float" or kind(x) == "time":
        return x < y or (y != y and x == x)
    if kind(x) == "complex":
        if x.real < y.real:
            return x.imag == x.imag or y.imag != y.imag
        if x.real > y.real:
            return y.imag != y.imag and x.imag == x.imag
        if x.real == y.real or (x.real != x.real and y.real != y.real):
            return less(x.imag, y.imag)
        return y.real != y.real
    return x < y


def _before(x, y):
    """Whether x comes before y, of which no float is NaN."""
    return less(x, y) if kind(x) == "complex" else x < y


def merge_sort(whole, spares):
    """Sorts a row, with a spare one of its length."""
    count = numbers_first(whole, whole, whole, 0)
    row, spare = whole[:count], spares[:count]
    for start in range(0, count, 16):
        _insert(row, start, min(start + 16, count))
    width = 16
    swapped = False
    while width < count:
        if swapped:
            _merge_runs(spare, row, width)
        else:
            _merge_runs(row, spare, width)
        swapped = not swapped
        width *= 2
    if swapped:
        row[:] = spare


def numbers_first(keys, values, spare, paired: constant):
    """Moves NaN behind all numbers, in order, and values along with it; gives how many numbers there are."""
    if kind(keys.dtype(0)) != "float" and kind(keys.dtype(0)) != "time":
        return len(keys)
    count, strange = 0, 0
    odd = keys.dtype(0)
    for i in range(len(keys)):
        x = keys[i]
        if x == x:
            keys[count] = x
            if paired:
                values[count] = values[i]
            count += 1
        else:
            if paired:
                spare[strange] = values[i]
            odd = x
            strange += 1
    for i in range(strange):
        keys[count + i] = odd
        if paired:
            values[count + i] = spare[i]
    return count


def _insert(row, start: int, end: int):
    for i in range(start + 1, end):
        item = row[i]
        j = i
        while j > start and _before(item, row[j - 1]):
            row[j] = row[j - 1]
            j -= 1
        row[j] = item


def _merge_runs(source, target, width: int):
    count = len(source)
    for start in range(0, count, 2 * width):
        middle = min(start + width, count)
        end = min(start + 2 * width, count)
        i, j = start, middle
        k = start
        if middle < end and not _before(source[middle], source[middle - 1]):
            # In order already.
            while k < end:
                target[k] = source[k]
                k += 1
        while i < middle and j < end and k < end:
            x = source[i]
            y = source[j]
            second = _before(y, x)
            target[k] = y if second else x
            j += int(second)
            i += int(not second)
            k += 1
        while i < middle and k < end:
            target[k] = source[i]
            i += 1
            k += 1
        while j < end and k < end:
            target[k] = source[j]
            j += 1
            k += 1


def merge_sort_pairs(all_keys, all_values, all_spare, all_others):
    """Sorts keys, and values along with them, with spare rows of their lengths."""
    count = numbers_first(all_keys, all_values, all_others, 1)
    keys, values = all_keys[:count], all_values[:count]
    spare, others = all_spare[:count], all_others[:count]
    for start in range(0, count, 16):
        _insert_pairs(keys, values, start, min(start + 16, count))
    width = 16
    swapped = False
    while width < count:
        if swapped:
            _merge_pairs(spare, others, keys, values, width)
        else:
            _merge_pairs(keys, values, spare, others, width)
        swapped = not swapped
        width *= 2
    if swapped:
        keys[:] = spare
        values[:] = others


def _insert_pairs(keys, values, start: int, end: int):
    for i in range(start + 1, end):
        item, value = keys[i], values[i]
        j = i
        while j > start and _before(item, keys[j - 1]):
            keys[j] = keys[j - 1]
            values[j] = values[j - 1]
            j -= 1
        keys[j] = item
        values[j] = value


def _merge_pairs(keys, values, to_keys, to_values, width: int):
    count = len(keys)
    for start in range(0, count, 2 * width):
        middle = min(start + width, count)
        end = min(start + 2 * width, count)
        i, j = start, middle
        for k in range(start, end):
            second = i >= middle
            if i < middle and j < end:
                second = _before(keys[j], keys[i])
            at = j if second else i
            to_keys[k] = keys[at]
            to_values[k] = values[at]
            j += int(second)
            i += int(not second)


def partition(a, kth, axis: constant = -1, kind="introselect", order=None):
    array = np.asarray(a)
    _check_places(kth, array.size if axis is None else array.shape[axis])
    return sort(array, axis)


def partition_in_place(a, kth, axis: constant = -1, kind="introselect", order=None):
    _check_places(kth, a.shape[axis])
    sort_in_place(a, axis)


def argpartition(a, kth, axis: constant = -1, kind="introselect", order=None):
    array = np.asarray(a)
    _check_places(kth, array.size if axis is None else array.shape[axis])
    return argsort(array, axis)


def _check_places(kth, count: int):
    if kind(kth) == "tuple" or kind(kth) == "array":
        for place in kth:
            _check_place(int(place), count)
    else:
        _check_place(int(kth), count)


def _check_place(kth: int, count: int):
    if kth >= count or kth < -count:
        raise ValueError(f"kth(={kth}) out of bounds ({count})")


def lexsort(keys, axis: constant = -1):
    """The order by the last key, then the one before it and so on: stable sorts from the first key on."""
    first = np.asarray(keys[0])
    along = one_axis(axis, first.ndim)
    order = np.empty(lanes(first, along).shape, np.int64)
    order[...] = np.arange(order.shape[1])
    if kind(keys) == "array":
        for i in range(len(keys)):
            _refine(order, lanes(keys[i], along))
    else:
        for key in keys:
            _check_key(first, np.asarray(key))
            _refine(order, lanes(np.asarray(key), along))
    return unlaned(order, first, along)


def _check_key(first, key):
    if key.ndim != first.ndim:
        raise ValueError("all keys need to be the same shape")
    if key.shape != first.shape:
        raise ValueError("all keys need to be the same shape")


def _refine(order, rows):
    for i in range(len(order)):
        order[i] = _taken(order[i], argsort(_taken(rows[i], order[i])))


def _taken(a, places):
    result = np.empty(len(places), a.dtype)
    for i in range(len(places)):
        result[i] = a[places[i]]
    return result


def searchsorted(a, v, side="left", sorter=None):
    array = np.asarray(a)
    if array.ndim != 1:
        raise ValueError("object too deep for desired array")
    if side != "left" and side != "right":
        raise ValueError(f"search side must be 'left' or 'right' (got '{side}')")
    if kind(v) == "array":
        values = v.reshape(-1)
        result = np.empty(len(values), np.int64)
        for i in range(len(values)):
            result[i] = _place(array, values[i], side, sorter)
        return result.reshape(v.shape)
    if kind(v) == "tuple":
        return searchsorted(array, np.asarray(v), side, sorter)
    return np.int64(_place(array, v, side, sorter))


def _place(a, value, side, sorter):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) >> 1
        item = a[middle] if sorter is None else a[sorter[middle]]
        behind = less(item, value) if side == "left" else not less(value, item)
        low = middle + 1 if behind else low
        high = high if behind else middle
    return low


# So many rows are looked at side by side.
_BLOCK = 512


def argmin(a, axis: constant = None, out=None, *, keepdims: constant = False):
    return _argument("min", np.asarray(a), axis, out, keepdims)


def argmax(a, axis: constant = None, out=None, *, keepdims: constant = False):
    return _argument("max", np.asarray(a), axis, out, keepdims)


def _argument(operation, a, axis: constant, out, keepdims: constant):
    along = axes(axis, a.ndim)
    if axis is not None and a.ndim > 0:
        one_axis(axis, a.ndim)
    seen = blocks(a, along)
    if seen.shape[1] == 0:
        raise ValueError(f"attempt to get arg{operation} of an empty sequence")
    shape = kept(a, along, keepdims)
    if seen.ndim == 2:
        if len(shape) == 0:
            return given(np.int64(_first(operation, seen[0])), out)
        result = np.empty(seen.shape[0], np.int64)
        # Very short rows are looked at side by side.
        step = _BLOCK if seen.shape[1] <= 4 and kind(seen.dtype(0)) != "complex" else 1
        if step > 1:
            for i in range(0, len(result), step):
                result[i : i + step] = _first_rows(operation, np.expand_dims(seen[i : i + step].T, 0))[0]
        else:
            for i in range(len(result)):
                result[i] = _first(operation, seen[i])
        return given(result.reshape(shape), out)
    return given(_first_rows(operation, seen).reshape(shape), out)


def _first(operation, row):
    """The place of the first extreme, or of the first NaN."""
    if kind(row.dtype(0)) == "complex":
        place = 0
        for i in range(len(row)):
            x = row[i]
            if x != x:
                return i
            if x > row[place] if operation == "max" else x < row[place]:
                place = i
        return place
    best = reduce(operation, row)
    place = len(row)
    for i in range(len(row)):
        x = row[i]
        place = min(place, i if x == best or x != x else len(row))
    return place


def _first_rows(operation, a):
    outer, count, inner = a.shape
    result = np.zeros((outer, inner), np.int64)
    best = np.empty(inner, a.dtype)
    for i in range(outer):
        best[:] = a[i, 0]
        places = result[i]
        for j in range(1, count):
            row = a[i, j]
            for k in range(inner):
                x, y = row[k], best[k]
                better = (x > y if operation == "max" else x < y) or (x != x and y == y)
                better = better and y == y
                best[k] = x if better else y
                places[k] = j if better else places[k]
    return result
