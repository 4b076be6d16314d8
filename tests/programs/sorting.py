"""Sorting in place: quicksort by recursion, heapsort, insertion, merge, and counting for bytes."""

import numpy as np
from numir import njit, uint8


@njit
def insertion_sort(items):
    """Good for few items."""
    for i in range(1, len(items)):
        item = items[i]
        j = i
        while j > 0 and items[j - 1] > item:
            items[j] = items[j - 1]
            j -= 1
        items[j] = item


@njit
def quicksort(items):
    """The larger part of a view calls itself on views."""
    if items.size <= 6:
        insertion_sort(items)
        return
    middle = len(items) // 2
    items[0], items[middle] = items[middle], items[0]
    pivot = items[0]
    last = 0
    for i in range(1, len(items)):
        if items[i] < pivot:
            last += 1
            items[i], items[last] = items[last], items[i]
    items[0], items[last] = items[last], items[0]
    quicksort(items[:last])
    quicksort(items[last + 1 :])


@njit
def sift(items, root, end):
    """Let an item sink into the heap."""
    while (child := 2 * root + 1) < end:
        if child + 1 < end and items[child] < items[child + 1]:
            child += 1
        if items[root] >= items[child]:
            return
        items[root], items[child] = items[child], items[root]
        root = child


@njit
def heapsort(items):
    """Build a heap, then take the largest again and again."""
    n = len(items)
    for root in reversed(range(n // 2)):
        sift(items, root, n)
    for end in range(n - 1, 0, -1):
        items[0], items[end] = items[end], items[0]
        sift(items, 0, end)


@njit
def merge_sort(items):
    """A sorted copy, bottom up; stable."""
    source, target = items.copy(), np.empty_like(items)
    width = 1
    while width < len(items):
        for start in range(0, len(items), 2 * width):
            i, j = start, min(start + width, len(items))
            middle, end = j, min(start + 2 * width, len(items))
            for k in range(start, end):
                if i < middle and (j >= end or source[i] <= source[j]):
                    target[k] = source[i]
                    i += 1
                else:
                    target[k] = source[j]
                    j += 1
        source, target = target, source
        width *= 2
    return source


@njit
def counting_sort(items: uint8[:]):
    """Bytes by how often each occurs."""
    counts = np.zeros(256, np.int64)
    for item in items:
        counts[item] += 1
    place = 0
    for value in range(256):
        items[place : place + counts[value]] = value
        place += counts[value]
