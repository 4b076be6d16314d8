"""Methods of arrays that are no primitives: functions of NumPy's modules, whose first parameter is the array."""

from _numpy_elements import around as round
from _numpy_elements import clip, conj, conjugate, swapped_bytes
from _numpy_indexing import compress as chosen
from _numpy_indexing import nonzero, put, take
from _numpy_joining import repeat
from _numpy_matmul import dot
from _numpy_places import choose
from _numpy_products import trace
from _numpy_records import argsort
from _numpy_records import sort_in_place as sort
from _numpy_shapes import flatten, ravel, squeeze, swapaxes
from _numpy_sorting import argmax, argmin, argpartition, searchsorted
from _numpy_sorting import partition_in_place as partition
from _numpy_statistics import std, var
from _numpy_sums import cumprod, cumsum
from _numpy_views import diagonal
from numir.intrinsics import constant


def compress(a, condition, axis: constant = None, out=None):
    return chosen(condition, a, axis, out)


def byteswap(a, inplace: constant = False):
    result = swapped_bytes(a)
    if inplace:
        a[...] = result
        return a
    return result
