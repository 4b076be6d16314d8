"""The programs of the GPU benchmark, as somebody writes them who uses numir: whole arrays and `prange` where that says it, kernels by hand where
threads share what they read.

`pack.py` compiles them by `numir build`; `cases.py` has their arguments, and what must come out.
"""

import math

import numpy as np
from numir import cuda, float32, int32, prange


def vector_add(a, b, out):
    out[:] = a + b


def saxpy(k, x, y):
    y[:] = k * x + y


def _normal_distribution(d):
    """The cumulative normal distribution by the polynomial of Abramowitz and Stegun."""
    k = np.float32(1) / (np.float32(1) + np.float32(0.2316419) * abs(d))
    series = np.float32(-1.821255978) + k * np.float32(1.330274429)
    series = np.float32(1.781477937) + k * series
    series = np.float32(-0.356563782) + k * series
    series = k * (np.float32(0.319381530) + k * series)
    tail = np.float32(0.3989422804) * np.exp(np.float32(-0.5) * d * d) * series
    return np.float32(1) - tail if d > np.float32(0) else tail


def black_scholes(price, strike, years, call, put):
    rate, volatility = np.float32(0.02), np.float32(0.30)
    for i in prange(price.size):
        deviation = volatility * np.sqrt(years[i])
        d1 = (np.log(price[i] / strike[i]) + (rate + np.float32(0.5) * volatility * volatility) * years[i]) / deviation
        first, second = _normal_distribution(d1), _normal_distribution(d1 - deviation)
        discounted = strike[i] * np.exp(-rate * years[i])
        call[i] = price[i] * first - discounted * second
        put[i] = discounted * (np.float32(1) - second) - price[i] * (np.float32(1) - first)


def mandelbrot(out, most):
    height, width = out.shape
    for pixel in prange(height * width):
        row, column = pixel // width, pixel % width
        cx = np.float32(-2) + np.float32(3) * np.float32(column) / np.float32(width)
        cy = np.float32(-1.5) + np.float32(3) * np.float32(row) / np.float32(height)
        x, y, steps = np.float32(0), np.float32(0), 0
        while steps < most and x * x + y * y <= np.float32(4):
            x, y = x * x - y * y + cx, np.float32(2) * x * y + cy
            steps += 1
        out[row, column] = steps


def reduction(x):
    return x.sum()


@cuda.jit
def _softmax_by_warp(x, out):
    """A warp for each row of 128 items, of which each lane keeps four."""
    row, lane = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y, cuda.threadIdx.x
    if row >= x.shape[0]:
        return
    a, b, c, d = x[row, lane], x[row, lane + 32], x[row, lane + 64], x[row, lane + 96]
    most = max(max(a, b), max(c, d))
    for step in (16, 8, 4, 2, 1):
        most = max(most, cuda.shfl_xor_sync(0xFFFFFFFF, most, step))
    a, b, c, d = math.exp(a - most), math.exp(b - most), math.exp(c - most), math.exp(d - most)
    total = a + b + c + d
    for step in (16, 8, 4, 2, 1):
        total += cuda.shfl_xor_sync(0xFFFFFFFF, total, step)
    out[row, lane], out[row, lane + 32] = a / total, b / total
    out[row, lane + 64], out[row, lane + 96] = c / total, d / total


def softmax_128(x, out):
    _softmax_by_warp[(x.shape[0] + 7) // 8, (32, 8)](x, out)


@cuda.jit
def _softmax_by_block(x, out):
    """A block of 256 threads for each row."""
    shared = cuda.shared.array(256, float32)
    row, thread, columns = cuda.blockIdx.x, cuda.threadIdx.x, x.shape[1]
    most = x[row, 0]
    for column in range(thread, columns, 256):
        most = max(most, x[row, column])
    shared[thread] = most
    cuda.syncthreads()
    half = 128
    while half > 0:
        if thread < half:
            shared[thread] = max(shared[thread], shared[thread + half])
        cuda.syncthreads()
        half //= 2
    most = shared[0]
    cuda.syncthreads()
    total = np.float32(0)
    for column in range(thread, columns, 256):
        total += math.exp(x[row, column] - most)
    shared[thread] = total
    cuda.syncthreads()
    half = 128
    while half > 0:
        if thread < half:
            shared[thread] += shared[thread + half]
        cuda.syncthreads()
        half //= 2
    total = shared[0]
    for column in range(thread, columns, 256):
        out[row, column] = math.exp(x[row, column] - most) / total


def softmax_8192(x, out):
    _softmax_by_block[x.shape[0], 256](x, out)


@cuda.jit
def _transpose(a, out):
    tile = cuda.shared.array((32, 33), float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    top, left = cuda.blockIdx.y * 32, cuda.blockIdx.x * 32
    for step in range(0, 32, 8):
        if top + y + step < a.shape[0] and left + x < a.shape[1]:
            tile[y + step, x] = a[top + y + step, left + x]
    cuda.syncthreads()
    for step in range(0, 32, 8):
        if left + y + step < out.shape[0] and top + x < out.shape[1]:
            out[left + y + step, top + x] = tile[x, y + step]


def transpose(a, out):
    rows, columns = a.shape
    _transpose[((columns + 31) // 32, (rows + 31) // 32), (32, 8)](a, out)


def stencil_2d(a, out):
    out[1:-1, 1:-1] = np.float32(0.2) * (a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])


def stencil_3d(a, out):
    out[1:-1, 1:-1, 1:-1] = np.float32(-6) * a[1:-1, 1:-1, 1:-1] + (
        a[:-2, 1:-1, 1:-1]
        + a[2:, 1:-1, 1:-1]
        + a[1:-1, :-2, 1:-1]
        + a[1:-1, 2:, 1:-1]
        + a[1:-1, 1:-1, :-2]
        + a[1:-1, 1:-1, 2:]
    )


@cuda.jit
def _histogram(items, counts):
    """Each block counts in its own memory, and adds that up in the end."""
    shared = cuda.shared.array(256, int32)
    shared[cuda.threadIdx.x] = 0
    cuda.syncthreads()
    for i in range(cuda.grid(1), items.size, cuda.gridsize(1)):
        cuda.atomic.add(shared, items[i], 1)
    cuda.syncthreads()
    cuda.atomic.add(counts, cuda.threadIdx.x, shared[cuda.threadIdx.x])


def histogram(items, counts):
    counts[:] = 0
    _histogram[min(1024, (items.size + 255) // 256), 256](items, counts)


def n_body(x, y, z, mass, ax, ay, az):
    for i in prange(x.size):
        fx, fy, fz = np.float32(0), np.float32(0), np.float32(0)
        for j in range(x.size):
            dx, dy, dz = x[j] - x[i], y[j] - y[i], z[j] - z[i]
            inverse = np.float32(1) / np.sqrt(dx * dx + dy * dy + dz * dz + np.float32(0.01))
            weight = mass[j] * inverse * inverse * inverse
            fx, fy, fz = fx + weight * dx, fy + weight * dy, fz + weight * dz
        ax[i], ay[i], az[i] = fx, fy, fz


def product(a, b, out):
    out[:] = a @ b


@cuda.jit
def _nothing():
    pass


@cuda.jit
def _one(a):
    if cuda.grid(1) == 0:
        a[0] = np.float32(1)


@cuda.jit
def _sixteen(a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q):
    if cuda.grid(1) == 0:
        a[0] = b[0] + c[0] + d[0] + e[0] + f[0] + g[0] + h[0] + i[0] + j[0] + k[0] + m[0] + n[0] + o[0] + p[0] + q[0]


def launch_nothing():
    _nothing[1, 32]()


def launch_one(a):
    _one[1, 32](a)


def launch_sixteen(a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q):
    _sixteen[1, 32](a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
