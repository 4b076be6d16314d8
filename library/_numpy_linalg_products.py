"""numpy.linalg: powers and products of matrices."""

import numpy as np
from _matrices import square
from _numpy_linalg_solutions import inv, solve
from numir.intrinsics import axes, constant, kind


def matrix_power(a, n: int):
    array = np.asarray(a)
    square(array)
    if kind(array.dtype(0)) == "int" or kind(array.dtype(0)) == "bool":
        if n < 0:
            raise NotImplementedError("negative powers of a matrix of integers: convert it to floats first")
        return _power(array, n)
    if n < 0:
        return _power(inv(array), -n)
    return _power(array, n)


def _power(a, n: int):
    result = np.zeros(a.shape, a.dtype)
    result[...] = np.eye(a.shape[-1], dtype=a.dtype)
    square_power = np.copy(a, "C")
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
    if len(arrays) < 2:
        raise ValueError("Expecting at least two arrays.")
    result = arrays[0]
    for array in arrays[1:]:
        result = np.dot(result, array)
    return result


def diagonal(x, /, *, offset=0):
    return np.diagonal(np.asarray(x), offset, -2, -1)


def trace(x, /, *, offset=0, dtype=None):
    return np.trace(np.asarray(x), offset, -2, -1, dtype)


def matrix_transpose(x, /):
    array = np.asarray(x)
    if array.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {array.ndim}")
    return np.swapaxes(array, -1, -2)


def tensorsolve(a, b, axes: constant = None):
    array, right = np.asarray(a), np.asarray(b)
    if axes is not None:
        array = np.moveaxis(array, axes, _last(array, axes))
    shape = array.shape[right.ndim :]
    count = 1
    for extent in shape:
        count *= extent
    if array.size != count * count:
        raise np.linalg.LinAlgError(
            "Input arrays must satisfy the requirement             prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    return solve(array.reshape(count, count), right.reshape(-1)).reshape(shape)


def _last(array, chosen: constant):
    """As many axes, the last ones."""
    return axes(None, array.ndim)[array.ndim - len(chosen) :]


def tensorinv(a, ind: constant = 2):
    array = np.asarray(a)
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    shape = array.shape[ind:] + array.shape[:ind]
    count = 1
    for extent in array.shape[ind:]:
        count *= extent
    return inv(array.reshape(-1, count)).reshape(shape)


def vecdot(x1, x2, /, *, axis: constant = -1):
    return np.vecdot(x1, x2, axis=axis)


def matmul(x1, x2, /):
    return np.matmul(x1, x2)
