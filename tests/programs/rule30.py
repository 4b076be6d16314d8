"""Cellular automata on a line after Wolfram, on bits in arrays and on bits in one integer."""

import numpy as np
from numir import njit, uint8, uint64


@njit
def evolve(cells: uint8[:], rule: int, generations: int):
    """All generations, one per row, on a ring."""
    width = cells.size
    history = np.empty((generations + 1, width), np.uint8)
    history[0] = cells
    for g in range(generations):
        for i in range(width):
            left, here, right = history[g, i - 1], history[g, i], history[g, (i + 1) % width]
            pattern = (left << 2) | (here << 1) | right
            history[g + 1, i] = (rule >> int(pattern)) & 1
    return history


@njit
def rule30(cells):
    """One generation of rule 30 by whole arrays."""
    left = np.empty_like(cells)
    right = np.empty_like(cells)
    left[1:], left[0] = cells[:-1], cells[-1]
    right[:-1], right[-1] = cells[1:], cells[0]
    return left ^ (cells | right)


@njit
def center_column(steps: int):
    """The middle cell of rule 30 over time, as the bits of a number."""
    cells = np.zeros(2 * steps + 3, np.uint8)
    cells[steps + 1] = 1
    bits = 0
    for _ in range(steps):
        bits = bits << 1 | int(cells[steps + 1])
        cells = rule30(cells)
    return bits


@njit
def rule90(word: uint64, steps: int):
    """Rule 90 on the 64 bits of a word, a ring."""
    one, last = np.uint64(1), np.uint64(63)
    for _ in range(steps):
        word = (word << one | word >> last) ^ (word >> one | word << last)
    return word
