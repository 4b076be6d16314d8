"""numpy.linalg: powers and products of matrices."""

import numpy as np
from _matrices import square
from _numpy_linalg_solutions import inv


def matrix_power(a, n: int):
    array = np.asarray(a)
    square(array)
    if n < 0:
        return _power(inv(array), -n)
    return _power(array, n)


def _power(a, n: int):
    result = np.zeros(a.shape, a.dtype)
    result[...] = np.eye(a.shape[-1], dtype=a.dtype)
    square_power = np.copy(a)
    rest = n
    while rest > 0:
        if rest % 2 == 1:
            result = result @ square_power
        rest //= 2
        if rest > 0:
            square_power = square_power @ square_power
    return result


def multi_dot(arrays, *, out=None):
    result = _chain(arrays)
    if out is not None:
        out[...] = result
        return out
    return result


def _chain(arrays):
    result = arrays[0]
    for array in arrays[1:]:
        result = np.dot(result, array)
    return result
