"""Searching in sorted arrays: by halves, where to insert, by exponential steps, the k-th smallest of all."""

from numir import njit


@njit
def find(items, wanted):
    """Where `wanted` stands; None if it is not there."""
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) >> 1
        if items[middle] == wanted:
            return middle
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return None


@njit
def lower_bound(items, wanted):
    """The first place whose item is not smaller."""
    low, high = 0, items.size
    while low < high:
        middle = (low + high) // 2
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@njit
def count_between(items, low, high):
    """How many items lie in [low, high)."""
    return lower_bound(items, high) - lower_bound(items, low)


@njit
def galloping(items, wanted) -> int:
    """Double the step until it is too far, then look in between; -1 if it is not there."""
    step = 1
    while step < len(items) and items[step] < wanted:
        step *= 2
    window = items[step // 2 : step + 1]
    place = find(window, wanted)
    if place is None:
        return -1
    return step // 2 + place


@njit
def first_above(items, threshold):
    """The first item above a threshold, in any order; an error if there is none."""
    for item in items:
        if item > threshold:
            break
    else:
        raise ValueError("no item is above the threshold")
    return item


@njit
def select(items, k):
    """The k-th smallest item by quickselect; reorders the array."""
    left, right = 0, len(items) - 1
    while left < right:
        pivot = items[(left + right) // 2]
        i, j = left, right
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i, j = i + 1, j - 1
        if k <= j:
            right = j
        elif k >= i:
            left = i
        else:
            break
    return items[k]
