"""Matrices turned, reshaped and laid out otherwise: transposition, rotation, Fortran order, diagonals, spirals."""

import numpy as np
from numir import float64, njit


@njit
def transpose(matrix):
    """A new matrix in C order, tile by tile."""
    rows, columns = matrix.shape
    result = np.empty((columns, rows), matrix.dtype)
    tile = 4
    for i0 in range(0, rows, tile):
        for j0 in range(0, columns, tile):
            for i in range(i0, min(i0 + tile, rows)):
                for j in range(j0, min(j0 + tile, columns)):
                    result[j, i] = matrix[i, j]
    return result


@njit
def rotate(matrix, quarters: int):
    """Turn against the clock by quarters; a view."""
    match quarters % 4:
        case 1:
            return matrix.T[::-1].copy()
        case 2:
            return matrix[::-1, ::-1].copy()
        case 3:
            return matrix.T[:, ::-1].copy()
    return matrix.copy()


@njit
def trace(matrix: float64[:, :]):
    """The sum of the diagonal."""
    return sum(diagonal(matrix, 0))


@njit
def diagonal(matrix, offset):
    """A diagonal as an array of its own."""
    rows, columns = matrix.shape
    first_row, first_column = max(0, -offset), max(0, offset)
    length = max(0, min(rows - first_row, columns - first_column))
    items = np.empty(length, matrix.dtype)
    for k in range(length):
        items[k] = matrix[first_row + k, first_column + k]
    return items


@njit
def spiral(rows: int, columns: int):
    """Count inwards from the upper left corner."""
    board = np.full((rows, columns), -1)
    i, j, di, dj = 0, 0, 0, 1
    for n in range(rows * columns):
        board[i, j] = n
        if not (0 <= i + di < rows and 0 <= j + dj < columns and board[i + di, j + dj] == -1):
            di, dj = dj, -di
        i += di
        j += dj
    return board


@njit
def describe(array):
    """What an array says of itself."""
    return array.ndim, array.shape, array.size, array.itemsize, array.strides, len(array)


@njit
def blocks(items, width: int):
    """A line of items folded into rows, and each second row turned around."""
    folded = items.reshape(items.size // width, width).copy()
    folded[1::2] = folded[1::2, ::-1].copy()
    return folded


@njit
def outer(a, b):
    """All products of two arrays of any rank-1 layout, by broadcasting."""
    return a[:, None] * b[None, :]


@njit
def swap_axes(cube):
    """The items of a cube with its axes the other way round, flattened."""
    return cube.T.ravel(), cube[..., 0].copy(), cube[:, np.newaxis, 1].shape
