"""Which things to take: the knapsack by dynamic programming, the ways to give change, rods to cut."""

import numpy as np
from numir import int64, njit


@njit
def knapsack(weights: int64[:], values: int64[:], capacity: int64):
    """The best value, and which things make it up."""
    count = weights.shape[0]
    best = np.zeros((count + 1, capacity + 1), np.int64)
    for i in range(1, count + 1):
        weight, value = weights[i - 1], values[i - 1]
        for room in range(capacity + 1):
            best[i, room] = best[i - 1, room]
            if weight <= room and (taken := best[i - 1, room - weight] + value) > best[i, room]:
                best[i, room] = taken
    chosen = np.zeros(count, np.bool_)
    room = capacity
    for i in range(count, 0, -1):
        if best[i, room] != best[i - 1, room]:
            chosen[i - 1] = True
            room -= weights[i - 1]
    return best[count, capacity], chosen


@njit
def change(coins, amount):
    """In how many ways an amount can be paid."""
    ways = np.zeros(amount + 1, np.int64)
    ways[0] = 1
    for coin in coins:
        for total in range(coin, amount + 1):
            ways[total] += ways[total - coin]
    return ways[amount]


@njit
def cut_rod(prices, length: int):
    """The best revenue of a rod, and the lengths of its pieces."""
    revenue = np.zeros(length + 1, prices.dtype)
    first = np.zeros(length + 1, np.intp)
    for n in range(1, length + 1):
        top = prices[0] + revenue[n - 1]
        first[n] = 1
        for piece in range(2, min(n, len(prices)) + 1):
            candidate = prices[piece - 1] + revenue[n - piece]
            if candidate > top:
                top, first[n] = candidate, piece
        revenue[n] = top
    pieces = np.zeros(length, np.intp)
    count = 0
    while length > 0:
        pieces[count] = first[length]
        length -= first[length]
        count += 1
    return revenue[-1], pieces[:count]
