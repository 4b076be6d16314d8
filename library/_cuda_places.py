"""Where a thread is in its grid: grid, gridsize, and its lane; and which part of a matrix is its block's."""

from numir.cuda import blockDim, blockIdx, gridDim, threadIdx
from numir.intrinsics import constant


def grid(ndim: constant):
    x = blockIdx.x * blockDim.x + threadIdx.x
    if ndim == 1:
        return x
    y = blockIdx.y * blockDim.y + threadIdx.y
    if ndim == 2:
        return x, y
    if ndim == 3:
        return x, y, blockIdx.z * blockDim.z + threadIdx.z
    raise ValueError("argument can only be 1, 2, 3")


def gridsize(ndim: constant):
    x = gridDim.x * blockDim.x
    if ndim == 1:
        return x
    y = gridDim.y * blockDim.y
    if ndim == 2:
        return x, y
    if ndim == 3:
        return x, y, gridDim.z * blockDim.z
    raise ValueError("argument can only be 1, 2, 3")


def lane():
    return (threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) & 31


def ceiling(extent, tile):
    """How many tiles there are in an extent, the last one perhaps in part."""
    return (extent + tile - 1) // tile


def place_of_block(block, down, across):
    """The row and the column of a block of a matrix: eight rows of blocks are gone through together, column by column."""
    group = block // (8 * across)
    height = min(down - 8 * group, 8)
    within = block - group * 8 * across
    return 8 * group + within % height, within // height
