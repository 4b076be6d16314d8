"""Where a thread is in its grid: grid, gridsize, and its lane."""

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
