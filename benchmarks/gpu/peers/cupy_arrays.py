"""CuPy: whole arrays as with NumPy, its kernels of single items, and CUDA C where that does not say it."""

import cupy as cp
import numpy as np

VERSION = cp.__version__


def put(array, case):
    if case.liberty:
        raise NotImplementedError(f"CuPy has no {case.liberty}")
    return cp.asarray(array) if isinstance(array, np.ndarray) else array


def get(value):
    return cp.asnumpy(value)


class Watch:
    """Two events around work."""

    def __init__(self):
        self.start, self.end = cp.cuda.Event(), cp.cuda.Event()

    def milliseconds(self, work):
        self.start.record()
        work()
        self.end.record()
        self.end.synchronize()
        return cp.cuda.get_elapsed_time(self.start, self.end)


saxpy = cp.ElementwiseKernel("float32 k, float32 x, float32 before", "float32 y", "y = k * x + before", "saxpy")

black_scholes = cp.ElementwiseKernel(
    "float32 price, float32 strike, float32 years",
    "float32 call, float32 put",
    """
    const float rate = 0.02f, volatility = 0.30f;
    float deviation = volatility * sqrtf(years);
    float d1 = (logf(price / strike) + (rate + 0.5f * volatility * volatility) * years) / deviation;
    float first = normal_distribution(d1), second = normal_distribution(d1 - deviation);
    float discounted = strike * expf(-rate * years);
    call = price * first - discounted * second;
    put = discounted * (1.0f - second) - price * (1.0f - first);
    """,
    "black_scholes",
    preamble="""
    __device__ float normal_distribution(float d) {
        float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
        float series = k * (0.319381530f + k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
        float tail = 0.3989422804f * expf(-0.5f * d * d) * series;
        return d > 0.0f ? 1.0f - tail : tail;
    }
    """,
)

mandelbrot = cp.RawKernel(
    r"""
    extern "C" __global__ void mandelbrot(int *out, int most, int height, int width) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i >= height * width) return;
        float cx = -2.0f + 3.0f * (float)(i % width) / (float)width, cy = -1.5f + 3.0f * (float)(i / width) / (float)height;
        float x = 0.0f, y = 0.0f;
        int steps = 0;
        while (steps < most && x * x + y * y <= 4.0f) {
            float next = x * x - y * y + cx;
            y = 2.0f * x * y + cy;
            x = next;
            steps++;
        }
        out[i] = steps;
    }
    """,
    "mandelbrot",
)

n_body = cp.RawKernel(
    r"""
    extern "C" __global__ void n_body(const float *x, const float *y, const float *z, const float *mass, float *ax, float *ay, float *az, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i >= n) return;
        float fx = 0.0f, fy = 0.0f, fz = 0.0f;
        for (int j = 0; j < n; j++) {
            float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            float inverse = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 0.01f);
            float weight = mass[j] * inverse * inverse * inverse;
            fx += weight * dx;
            fy += weight * dy;
            fz += weight * dz;
        }
        ax[i] = fx;
        ay[i] = fy;
        az[i] = fz;
    }
    """,
    "n_body",
)

_NAMES = "abcdefghijkmnopq"
_POINTERS = ", ".join(f"float *{name}" for name in _NAMES)
_SUM = " + ".join(f"{name}[0]" for name in _NAMES[1:])
nothing = cp.RawKernel('extern "C" __global__ void nothing() {}', "nothing")
one = cp.RawKernel(
    'extern "C" __global__ void one(float *a) { if (blockIdx.x * blockDim.x + threadIdx.x == 0) a[0] = 1.0f; }', "one"
)
sixteen = cp.RawKernel(
    f'extern "C" __global__ void sixteen({_POINTERS}) {{ if (threadIdx.x == 0) a[0] = {_SUM}; }}', "sixteen"
)


def by_items(kernel, items, *given):
    """Launch a kernel with a thread for each of so many items."""
    kernel(((items + 255) // 256,), (256,), given)


def softmax(x, out):
    powers = cp.exp(x - x.max(axis=1, keepdims=True))
    cp.divide(powers, powers.sum(axis=1, keepdims=True), out=out)


def transpose(a, out):
    out[...] = a.T


def stencil_2d(a, out):
    out[1:-1, 1:-1] = cp.float32(0.2) * (
        a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]
    )  # fmt: skip


def stencil_3d(a, out):
    out[1:-1, 1:-1, 1:-1] = cp.float32(-6) * a[1:-1, 1:-1, 1:-1] + (
        a[:-2, 1:-1, 1:-1] + a[2:, 1:-1, 1:-1] + a[1:-1, :-2, 1:-1] + a[1:-1, 2:, 1:-1] + a[1:-1, 1:-1, :-2]
        + a[1:-1, 1:-1, 2:]
    )  # fmt: skip


def histogram(items, counts):
    counts[...] = cp.bincount(items, minlength=256)


def product(a, b, out):
    cp.matmul(a, b, out=out)


PROGRAMS = {
    "vector_add": lambda a, b, out: cp.add(a, b, out=out),
    "saxpy": lambda k, x, y: saxpy(np.float32(k), x, y, y),
    "black_scholes": black_scholes,
    "mandelbrot": lambda out, most: by_items(mandelbrot, out.size, out, np.int32(most), *map(np.int32, out.shape)),
    "reduction": lambda x: x.sum(),
    "softmax_128": softmax,
    "softmax_8192": softmax,
    "transpose": transpose,
    "stencil_2d": stencil_2d,
    "stencil_3d": stencil_3d,
    "histogram": histogram,
    "n_body": lambda *given: by_items(n_body, given[0].size, *given, np.int32(given[0].size)),
    "matmul_f32_512": product,
    "matmul_f32_4096": product,
    "matmul_f16_4096": product,
    "matmul_f16_8192": product,
    "launch_nothing": lambda: nothing((1,), (32,), ()),
    "launch_one": lambda *given: one((1,), (32,), given),
    "launch_sixteen": lambda *given: sixteen((1,), (32,), given),
}
