"""Products of matrices on a device: stacks of them, by tiles in the memory of a block.

A block of 256 threads computes a square of the result, of 16 times `each` rows and columns, and a thread `each` times `each` items of it, in registers. Tiles of both
factors go through shared memory, the left one with its columns as rows: while a tile is worked on, the threads load the next one, and a barrier is
between the two. Each thread's rows and columns are groups of four, 64 apart, so that lanes beside each other read beside each other.
Blocks that share rows or columns run at about the same time: eight rows of blocks are gone through column by column, and meet in the second cache.

Left of each item of a tile: one read of global memory for each `16 * each` multiplications, and one of shared memory for each `each / 2`.
"""

import numpy as np
from _cuda_places import ceiling, place_of_block
from _cuda_tensor import tensor_products
from numir import cuda
from numir.intrinsics import allows, constant, device, item_at, kind, launch, put_at
from numir.intrinsics import fma as fused

THREADS = 256
UP_TO = (0, 1, 2, 3, 4, 5, 6, 7)
# With fewer blocks of large tiles than this, a device has nothing to do on many of its processors.
FEW_BLOCKS = 128


def device_products(results, a, b):
    """The products of two stacks of matrices of one dtype, into a third."""
    count, rows, columns = results.shape
    if a.dtype == np.float16 and device() >= 80:
        tensor_products(results, a, b, "f16")
        return
    if a.dtype == np.float32:
        if device() >= 80 and allows("bf16"):
            tensor_products(results, a, b, "bf16")
            return
        if device() >= 80 and allows("tf32"):
            tensor_products(results, a, b, "tf32")
            return
        if count * ceiling(rows, 128) * ceiling(columns, 128) >= FEW_BLOCKS:
            _start(results, a, b, 8)
            return
    _start(results, a, b, 4)


def device_products_of_vector(results, a, x):
    """The products of a stack of matrices and a vector: a thread for each row, or a warp where items of a row lie beside each other."""
    count, rows = results.shape
    if rows == 0:
        return
    is_across = a.strides[2] <= a.strides[1]
    for first in range(0, count, 65535):
        last = min(first + 65535, count)
        work = (results[first:last], a[first:last], x, is_across)
        blocks = ceiling(rows, 8) if is_across else ceiling(rows, 256)
        launch(_rows, (blocks, 1, last - first, 32, 8, 1, 0), work)


def _rows(results, lefts, x, is_across):
    member = cuda.blockIdx.z
    result, a = item_at(results, member), item_at(lefts, member)
    rows, depth = a.shape
    sum = _sums_of(x.dtype)(0)
    number = type(sum)
    if is_across:
        row = 8 * cuda.blockIdx.x + cuda.threadIdx.y
        if row < rows:
            for k in range(cuda.threadIdx.x, depth, 32):
                sum = _and_product(sum, number(item_at(a, (row, k))), number(x[k]))
        for distance in (16, 8, 4, 2, 1):
            sum = sum + _from_lane(sum, distance)
        if row < rows and cuda.threadIdx.x == 0:
            put_at(result, row, x.dtype(sum))
    else:
        row = 256 * cuda.blockIdx.x + 32 * cuda.threadIdx.y + cuda.threadIdx.x
        if row < rows:
            for k in range(depth):
                sum = _and_product(sum, number(item_at(a, (row, k))), number(x[k]))
            put_at(result, row, x.dtype(sum))


def _sums_of(dtype):
    """What products are added up in."""
    return np.float32 if dtype == np.float16 else dtype


def _from_lane(number, distance):
    """The number of the lane that is so much higher, in a warp in which all are here."""
    if kind(number) == "complex":
        return type(number)(complex(_from_lane(number.real, distance), _from_lane(number.imag, distance)))
    return cuda.shfl_down_sync(0xFFFFFFFF, number, distance)


def _start(results, a, b, each: constant):
    count, rows, columns = results.shape
    blocks = ceiling(rows, 16 * each) * ceiling(columns, 16 * each)
    if blocks == 0:
        return
    for first in range(0, count, 65535):
        last = min(first + 65535, count)
        geometry = (blocks, 1, last - first, 16, 16, 1, 0)
        launch(_tiles, geometry, (results[first:last], a[first:last], b[first:last], each))


def _tiles(results, lefts, rights, each: constant):
    member = cuda.blockIdx.z
    result, a, b = item_at(results, member), item_at(lefts, member), item_at(rights, member)
    rows, depth = a.shape
    columns = b.shape[1]
    # Two tiles of each factor are as much as a block has memory for.
    side, deep = 16 * each, 512 // each // max(8, a.itemsize)
    loads = side * deep // THREADS
    # Four items more for each column of the left tile have columns, which are written beside each other, in other banks.
    left = cuda.shared.array((2, deep, side + 4), a.dtype)
    right = cuda.shared.array((2, deep, side), a.dtype)
    of_sums = _sums_of(a.dtype)
    sums = cuda.local.array((each, each), of_sums)
    x, y = cuda.local.array(each, of_sums), cuda.local.array(each, of_sums)
    next_left, next_right = cuda.local.array(loads, a.dtype), cuda.local.array(loads, a.dtype)
    for i in UP_TO[:each]:
        for j in UP_TO[:each]:
            sums[i, j] = of_sums(0)

    across, down = cuda.threadIdx.x & 15, cuda.threadIdx.y & 15
    thread = 16 * down + across
    row, column = place_of_block(cuda.blockIdx.x, ceiling(rows, side), ceiling(columns, side))
    row, column = row * side, column * side
    # Threads beside each other load items beside each other.
    if a.strides[1] <= a.strides[0]:
        left_row, left_deep, left_rows, left_deeps = thread // deep, thread % deep, THREADS // deep, 0
    else:
        left_row, left_deep, left_rows, left_deeps = thread % side, thread // side, 0, THREADS // side
    if b.strides[1] <= b.strides[0]:
        right_column, right_deep, right_columns, right_deeps = thread % side, thread // side, 0, THREADS // side
    else:
        right_column, right_deep, right_columns, right_deeps = thread // deep, thread % deep, THREADS // deep, 0

    for tile in range(-1, ceiling(depth, deep)):
        start = (tile + 1) * deep
        for i in UP_TO[:loads]:
            r, k = row + left_row + i * left_rows, start + left_deep + i * left_deeps
            next_left[i] = item_at(a, (r, k)) if r < rows and k < depth else a.dtype(0)
            q, k = column + right_column + i * right_columns, start + right_deep + i * right_deeps
            next_right[i] = item_at(b, (k, q)) if q < columns and k < depth else a.dtype(0)
        now = tile & 1
        if tile >= 0:
            for k in range(deep):
                for group in UP_TO[: each // 4]:
                    for i in UP_TO[:4]:
                        x[4 * group + i] = of_sums(left[now, k, 4 * down + 64 * group + i])
                        y[4 * group + i] = of_sums(right[now, k, 4 * across + 64 * group + i])
                for i in UP_TO[:each]:
                    for j in UP_TO[:each]:
                        sums[i, j] = _and_product(sums[i, j], x[i], y[j])
        for i in UP_TO[:loads]:
            put_at(left, (1 - now, left_deep + i * left_deeps, left_row + i * left_rows), next_left[i])
            put_at(right, (1 - now, right_deep + i * right_deeps, right_column + i * right_columns), next_right[i])
        cuda.syncthreads()

    for i in UP_TO[:each]:
        r = row + 4 * down + 64 * (i // 4) + i % 4
        for j in UP_TO[:each]:
            q = column + 4 * across + 64 * (j // 4) + j % 4
            if r < rows and q < columns:
                put_at(result, (r, q), result.dtype(sums[i, j]))


def _and_product(sum, x, y):
    if kind(sum) == "float":
        return fused(x, y, sum)
    return sum + x * y
