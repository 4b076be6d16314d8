"""Bits of bytes: np.packbits and np.unpackbits."""

import numpy as np
from numir.intrinsics import constant, kind, lanes, one_axis, unlaned


def packbits(a, /, axis: constant = None, bitorder="big"):
    array = np.asarray(a)
    if kind(array.dtype(0)) != "bool" and kind(array.dtype(0)) != "int":
        raise TypeError("Expected an input array of integer or boolean data type")
    if axis is None:
        return _packed(array.reshape((1, array.size)), _order(bitorder))[0]
    along = one_axis(axis, array.ndim)
    return unlaned(_packed(lanes(array, along), _order(bitorder)), array, along)


def unpackbits(a, /, axis: constant = None, count=None, bitorder="big"):
    array = np.asarray(a)
    if array.dtype != np.uint8:
        raise TypeError("Expected an input array of unsigned byte data type")
    if axis is None:
        return _unpacked(array.reshape((1, array.size)), count, _order(bitorder))[0]
    along = one_axis(axis, array.ndim)
    return unlaned(_unpacked(lanes(array, along), count, _order(bitorder)), array, along)


def _order(name):
    if name != "big" and name != "little":
        raise ValueError("'order' must be either 'little' or 'big'")
    return name == "big"


def _packed(rows, big: bool):
    count, length = rows.shape
    result = np.zeros((count, (length + 7) // 8), np.uint8)
    for i in range(count):
        for j in range(length):
            if rows[i, j] != 0:
                place = j & 7
                result[i, j >> 3] |= np.uint8(1 << (7 - place if big else place))
    return result


def _unpacked(rows, count, big: bool):
    bits = 8 * rows.shape[1]
    length = bits
    if count is not None:
        length = max(bits + count, 0) if count < 0 else count
        if count < 0 and bits + count < 0:
            raise ValueError("-ve count larger than number of elements")
    result = np.zeros((len(rows), length), np.uint8)
    for i in range(len(rows)):
        for j in range(min(length, bits)):
            place = j & 7
            result[i, j] = np.uint8((int(rows[i, j >> 3]) >> (7 - place if big else place)) & 1)
    return result
