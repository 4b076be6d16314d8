"""numpy.linalg: norms of vectors and matrices, and the condition of matrices."""

import numpy as np
from _matrices import square
from _numpy_linalg_decompositions import svdvals
from _numpy_linalg_solutions import inv
from numir.intrinsics import axes, constant, kind, places


def norm(x, ord: constant = None, axis: constant = None, keepdims: constant = False):
    array = np.asarray(x)
    along = axes(axis, array.ndim)
    if len(along) > 2 and (ord is not None or axis is not None):
        raise ValueError("Improper number of dimensions to norm.")
    if ord is None or (len(along) == 2 and (ord == "fro" or ord == "f")):
        sizes = _sizes(array)
        return np.sqrt(np.sum(sizes * sizes, axis=axis, keepdims=keepdims))
    if len(along) == 1:
        return _of_vectors(_sizes(array), ord, along[0], keepdims)
    if len(along) == 2:
        rows, columns = along if axis is None else places(axis, array.ndim)
        return _of_matrices(array, ord, rows, columns, keepdims)
    raise ValueError("Improper number of dimensions to norm.")


def vector_norm(x, /, *, axis: constant = None, keepdims: constant = False, ord: constant = 2):
    array = np.asarray(x)
    if axis is None and not keepdims:
        return _of_vectors(_sizes(array).reshape(-1), ord, 0, False)
    return _of_vectors(_sizes(array), ord, axes(axis, array.ndim)[0], keepdims)


def matrix_norm(x, /, *, keepdims: constant = False, ord: constant = "fro"):
    array = np.asarray(x)
    return norm(array, ord, (array.ndim - 2, array.ndim - 1), keepdims)


def _sizes(array):
    """The absolute values as floats."""
    sizes = np.abs(array) if kind(array.dtype(0)) != "bool" else array.astype(np.float64)
    return sizes if kind(sizes.dtype(0)) == "float" else sizes.astype(np.float64)


def _of_vectors(sizes, ord: constant, axis: constant, keepdims: constant):
    if ord == "fro" or ord == "f" or ord == "nuc":
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    if ord is None or ord == 2:
        return np.sqrt(np.sum(sizes * sizes, axis=axis, keepdims=keepdims))
    if ord == np.inf:
        return np.max(sizes, axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(sizes, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((sizes != 0).astype(sizes.dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(sizes, axis=axis, keepdims=keepdims)
    power = sizes.dtype(ord)
    return np.sum(sizes**power, axis=axis, keepdims=keepdims) ** (1 / power)


def _of_matrices(array, ord: constant, row: constant, column: constant, keepdims: constant):
    if row == column:
        raise ValueError("Duplicate axes given.")
    if ord == "nuc" or ord == 2 or ord == -2:
        return _of_singular_values(array, ord, row, column, keepdims)
    sizes = _sizes(array)
    if ord == 1:
        return np.max(np.sum(sizes, axis=row, keepdims=True), axis=(row, column), keepdims=keepdims)
    if ord == -1:
        return np.min(np.sum(sizes, axis=row, keepdims=True), axis=(row, column), keepdims=keepdims)
    if ord == np.inf:
        return np.max(np.sum(sizes, axis=column, keepdims=True), axis=(row, column), keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.sum(sizes, axis=column, keepdims=True), axis=(row, column), keepdims=keepdims)
    raise ValueError("Invalid norm order for matrices.")


def _of_singular_values(array, ord: constant, row: constant, column: constant, keepdims: constant):
    values = svdvals(np.moveaxis(array, (row, column), (-2, -1)))
    chosen = np.sum(values, axis=-1) if ord == "nuc" else _extreme(values, ord)
    return np.expand_dims(chosen, (row, column)) if keepdims else chosen


def _extreme(values, ord):
    return np.max(values, axis=-1) if ord == 2 else np.min(values, axis=-1)


def cond(x, p: constant = None):
    array = np.asarray(x)
    square_needed = p is not None and p != 2 and p != -2
    if square_needed:
        square(array)
        last = (array.ndim - 2, array.ndim - 1)
        return norm(array, p, last) * norm(inv(array), p, last)
    values = svdvals(array)
    if p is not None and p == -2:
        return values[..., -1] / values[..., 0]
    return values[..., 0] / values[..., -1]
