"""NumPy's products of arrays: inner, outer, vdot, kron, cross, trace, tensordot."""

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import accumulator, constant, kept, kind, lanes, one_axis, places, result_type


def outer(a, b, out=None):
    result = _flat(np.asarray(a))[:, None] * _flat(np.asarray(b))
    if out is not None:
        out[...] = result
        return out
    return result


def _flat(a):
    return a if a.ndim == 1 else a.reshape(-1)


def inner(a, b, /):
    x, y = np.asarray(a), np.asarray(b)
    if x.ndim == 0 or y.ndim == 0:
        return x * y
    if x.shape[-1] != y.shape[-1]:
        if x.ndim == 1 and y.ndim == 1:
            raise ValueError(f"shapes ({len(x)},) and ({len(y)},) not aligned: {len(x)} (dim 0) != {len(y)} (dim 0)")
        raise ValueError(f"shapes not aligned: {x.shape[-1]} (dim {x.ndim - 1}) != {y.shape[-1]} (dim {y.ndim - 1})")
    return _contracted(lanes(x, x.ndim - 1), lanes(y, y.ndim - 1), x.shape[:-1] + y.shape[:-1])


def _contracted(x, y, shape):
    """All products of rows, added."""
    wanted = result_type(x, y)
    if wanted == np.float16:
        return np.asarray(_contracted(x.astype(np.float32), y.astype(np.float32), shape)).astype(np.float16)
    result = np.empty((len(x), len(y)), wanted)
    for i in range(len(x)):
        for j in range(len(y)):
            products = x[i] * y[j]
            result[i, j] = np.any(products) if wanted == np.bool_ else np.sum(products, dtype=wanted)
    return result[0, 0] if len(shape) == 0 else result.reshape(shape)


def vdot(a, b, /):
    x, y = np.asarray(a).reshape(-1), np.asarray(b).reshape(-1)
    if len(x) != len(y):
        raise ValueError(f"cannot reshape array of size {len(y)} into shape ({len(x)},)")
    if result_type(x, y) == np.float16:
        return np.float16(vdot(x.astype(np.float32), y.astype(np.float32)))
    total = result_type(x, y)(0)
    for i in range(len(x)):
        factor = x[i].conjugate() if kind(x[i]) == "complex" else x[i]
        total += factor * y[i]
    return total


def tensordot(a, b, axes: constant = 2):
    x, y = np.asarray(a), np.asarray(b)
    if kind(axes) == "tuple":
        return _tensordot(x, y, axes[0], axes[1])
    if axes == 0:
        return _contracted(x.reshape((x.size, 1)), y.reshape((y.size, 1)), x.shape + y.shape)
    if axes == 1:
        return _tensordot(x, y, x.ndim - 1, 0)
    if axes == 2:
        return _tensordot(x, y, (x.ndim - 2, x.ndim - 1), (0, 1))
    raise NotImplementedError("tensordot over more than two axes: name them, as two tuples")


def _tensordot(x, y, left: constant, right: constant):
    one, other = places(left, x.ndim), places(right, y.ndim)
    if len(one) != len(other):
        raise ValueError("shape-mismatch for sum")
    for i in range(len(one)):
        if x.shape[one[i]] != y.shape[other[i]]:
            raise ValueError("shape-mismatch for sum")
    return np.asarray(_contracted(lanes(x, one), lanes(y, other), kept(x, one) + kept(y, other)))


def kron(a, b):
    x, y = np.asarray(a), np.asarray(b)
    if x.ndim == 1 and y.ndim == 1:
        return outer(x, y).reshape(-1)
    rank = max(x.ndim, y.ndim)
    return _kron(x[(None,) * (rank - x.ndim) + (...,)], y[(None,) * (rank - y.ndim) + (...,)])


def _kron(x, y):
    """Each item of one times all of the other, side by side along every axis."""
    left, right, shape = (), (), ()
    for one, other in zip(x.shape, y.shape):
        left = left + (slice(None), None)
        right = right + (None, slice(None))
        shape = shape + (one * other,)
    return (x[left] * y[right]).reshape(shape)


def cross(a, b, axisa: constant = -1, axisb: constant = -1, axisc: constant = -1, axis: constant = None):
    if axis is not None:
        return cross(a, b, axis, axis, axis)
    first, second = np.asarray(a), np.asarray(b)
    if first.ndim == 0 or second.ndim == 0:
        raise ValueError("At least one array has zero dimension")
    x, y = np.moveaxis(first, axisa, -1), np.moveaxis(second, axisb, -1)
    if x.shape[-1] != 2 and x.shape[-1] != 3 or y.shape[-1] != 2 and y.shape[-1] != 3:
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    if x.shape[-1] != 3 or y.shape[-1] != 3:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    if x.ndim != y.ndim:
        x, y = np.broadcast_arrays(x, y)
        return _moved_back(_cross(x, y), axisc)
    if x.shape != y.shape:
        x, y = np.broadcast_arrays(x, y)
    return _moved_back(_cross(x, y), axisc)


def _moved_back(a, axis: constant):
    return a if axis == -1 or a.ndim == 1 else np.moveaxis(a, -1, axis)


def _cross(x, y):
    left, right = lanes(x, x.ndim - 1), lanes(y, y.ndim - 1)
    result = np.empty(left.shape, result_type(x, y))
    for i in range(len(left)):
        p, q = left[i], right[i]
        result[i, 0] = p[1] * q[2] - p[2] * q[1]
        result[i, 1] = p[2] * q[0] - p[0] * q[2]
        result[i, 2] = p[0] * q[1] - p[1] * q[0]
    return result.reshape(x.shape)


def trace(a, offset=0, axis1: constant = 0, axis2: constant = 1, dtype=None, out=None):
    array = np.asarray(a)
    if array.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    if array.ndim > 2:
        return np.sum(np.diagonal(array, offset, axis1, axis2), -1, dtype, out)
    first = one_axis(axis1, array.ndim)
    if first == one_axis(axis2, array.ndim):
        raise ValueError("axis1 and axis2 cannot be the same")
    wanted = accumulator(array) if dtype is None else dtype
    rows, columns = array.shape
    shift = offset if first == 0 else -offset
    total = wanted(0)
    for i in range(rows):
        if 0 <= i + shift < columns:
            total += wanted(array[i, i + shift])
    return given(total, out)
