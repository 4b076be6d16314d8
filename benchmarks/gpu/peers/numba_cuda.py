"""numba-cuda: every program as a kernel by hand."""

import math

import numba
import numpy as np
from numba import cuda, float32, int32

VERSION = numba.__version__


def put(array, _):
    return cuda.to_device(array) if isinstance(array, np.ndarray) else array


def get(value):
    return value if isinstance(value, np.generic) else value.copy_to_host()


class Watch:
    """Two events around work."""

    def __init__(self):
        self.start, self.end = cuda.event(), cuda.event()

    def milliseconds(self, work):
        self.start.record()
        work()
        self.end.record()
        self.end.synchronize()
        return self.start.elapsed_time(self.end)


def blocks(items, threads=256):
    return (items + threads - 1) // threads


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = a[i] + b[i]


@cuda.jit
def saxpy(k, x, y):
    i = cuda.grid(1)
    if i < y.size:
        y[i] = float32(k) * x[i] + y[i]


@cuda.jit(device=True)
def normal_distribution(d):
    k = float32(1) / (float32(1) + float32(0.2316419) * abs(d))
    series = float32(-1.821255978) + k * float32(1.330274429)
    series = float32(1.781477937) + k * series
    series = float32(-0.356563782) + k * series
    series = k * (float32(0.319381530) + k * series)
    tail = float32(0.3989422804) * math.exp(float32(-0.5) * d * d) * series
    return float32(1) - tail if d > float32(0) else tail


@cuda.jit
def black_scholes(price, strike, years, call, put):
    i = cuda.grid(1)
    if i < price.size:
        rate, volatility = float32(0.02), float32(0.30)
        deviation = volatility * math.sqrt(years[i])
        d1 = (math.log(price[i] / strike[i]) + (rate + float32(0.5) * volatility * volatility) * years[i]) / deviation
        first, second = normal_distribution(d1), normal_distribution(d1 - deviation)
        discounted = strike[i] * math.exp(-rate * years[i])
        call[i] = price[i] * first - discounted * second
        put[i] = discounted * (float32(1) - second) - price[i] * (float32(1) - first)


@cuda.jit
def mandelbrot(out, most):
    height, width = out.shape
    column, row = cuda.grid(2)
    if row < height and column < width:
        cx = float32(-2) + float32(3) * float32(column) / float32(width)
        cy = float32(-1.5) + float32(3) * float32(row) / float32(height)
        x, y, steps = float32(0), float32(0), 0
        while steps < most and x * x + y * y <= float32(4):
            x, y = x * x - y * y + cx, float32(2) * x * y + cy
            steps += 1
        out[row, column] = steps


@cuda.reduce
def add(a, b):
    return a + b


@cuda.jit
def softmax_by_warp(x, out):
    row, lane = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y, cuda.threadIdx.x
    if row < x.shape[0]:
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


@cuda.jit
def softmax_by_block(x, out):
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
    total = float32(0)
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


@cuda.jit
def transpose(a, out):
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


@cuda.jit
def stencil_2d(a, out):
    j, i = cuda.grid(2)
    if 0 < i < a.shape[0] - 1 and 0 < j < a.shape[1] - 1:
        out[i, j] = float32(0.2) * (a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


@cuda.jit
def stencil_3d(a, out):
    k, j, i = cuda.grid(3)
    if 0 < i < a.shape[0] - 1 and 0 < j < a.shape[1] - 1 and 0 < k < a.shape[2] - 1:
        out[i, j, k] = float32(-6) * a[i, j, k] + (
            a[i - 1, j, k] + a[i + 1, j, k] + a[i, j - 1, k] + a[i, j + 1, k] + a[i, j, k - 1] + a[i, j, k + 1]
        )


@cuda.jit
def clear(counts):
    counts[cuda.threadIdx.x] = 0


@cuda.jit
def count(items, counts):
    shared = cuda.shared.array(256, int32)
    shared[cuda.threadIdx.x] = 0
    cuda.syncthreads()
    for i in range(cuda.grid(1), items.size, cuda.gridsize(1)):
        cuda.atomic.add(shared, items[i], 1)
    cuda.syncthreads()
    cuda.atomic.add(counts, cuda.threadIdx.x, shared[cuda.threadIdx.x])


def histogram(items, counts):
    clear[1, 256](counts)
    count[min(1024, blocks(items.size)), 256](items, counts)


@cuda.jit
def n_body(x, y, z, mass, ax, ay, az):
    i = cuda.grid(1)
    if i < x.size:
        fx, fy, fz = float32(0), float32(0), float32(0)
        for j in range(x.size):
            dx, dy, dz = x[j] - x[i], y[j] - y[i], z[j] - z[i]
            inverse = float32(1) / math.sqrt(dx * dx + dy * dy + dz * dz + float32(0.01))
            weight = mass[j] * inverse * inverse * inverse
            fx, fy, fz = fx + weight * dx, fy + weight * dy, fz + weight * dz
        ax[i], ay[i], az[i] = fx, fy, fz


@cuda.jit
def nothing():
    pass


@cuda.jit
def one(a):
    if cuda.grid(1) == 0:
        a[0] = float32(1)


@cuda.jit
def sixteen(a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q):
    if cuda.grid(1) == 0:
        a[0] = b[0] + c[0] + d[0] + e[0] + f[0] + g[0] + h[0] + i[0] + j[0] + k[0] + m[0] + n[0] + o[0] + p[0] + q[0]


def by_items(kernel, which=-1):
    """A kernel with a thread for each item of one of its arguments."""
    return lambda *given: kernel[blocks(given[which].size), 256](*given)


def by_places(kernel, which, threads):
    """A kernel with a thread for each place of one of its arguments, the last axis first."""
    return lambda *given: kernel[
        tuple(blocks(extent, many) for extent, many in zip(given[which].shape[::-1], threads, strict=True)), threads
    ](*given)


PROGRAMS = {
    "vector_add": by_items(vector_add),
    "saxpy": by_items(saxpy),
    "black_scholes": by_items(black_scholes),
    "mandelbrot": by_places(mandelbrot, 0, (32, 8)),
    "reduction": lambda x: np.float32(add(x)),
    "softmax_128": lambda x, out: softmax_by_warp[blocks(x.shape[0], 8), (32, 8)](x, out),
    "softmax_8192": lambda x, out: softmax_by_block[x.shape[0], 256](x, out),
    "transpose": lambda a, out: transpose[(blocks(a.shape[1], 32), blocks(a.shape[0], 32)), (32, 8)](a, out),
    "stencil_2d": by_places(stencil_2d, 0, (32, 8)),
    "stencil_3d": by_places(stencil_3d, 0, (32, 4, 2)),
    "histogram": histogram,
    "n_body": by_items(n_body),
    "launch_nothing": lambda: nothing[1, 32](),
    "launch_one": lambda *given: one[1, 32](*given),
    "launch_sixteen": lambda *given: sixteen[1, 32](*given),
}
