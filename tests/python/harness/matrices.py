"""Matrices for tests of products: small integers, so that sums are exact in any order, in several layouts."""

import numpy as np


def made(shape, dtype, seed):
    items = np.random.default_rng(seed).integers(-4, 5, shape)
    if np.dtype(dtype).kind == "c":
        items = items + 1j * items[..., ::-1]
    return items.astype(dtype)


def variants(array):
    """The same items in other layouts."""
    wide = np.zeros(tuple(2 * extent for extent in array.shape), array.dtype)
    wide[tuple(slice(None, None, 2) for _ in array.shape)] = array
    backwards = array[..., ::-1].copy()[..., ::-1]
    return [array, np.asfortranarray(array), wide[tuple(slice(None, None, 2) for _ in array.shape)], backwards]
