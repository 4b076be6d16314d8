"""PyTorch: its functions over whole tensors. Programs that it has none for are left out."""

import math

import numpy as np
import torch

VERSION = torch.__version__

if not torch.cuda.is_available():
    raise ImportError("this PyTorch has no CUDA")


def put(array, case):
    if not isinstance(array, np.ndarray):
        return array
    tensor = torch.from_numpy(array).cuda()
    return tensor.to(torch.bfloat16) if case.liberty == "bf16" else tensor


def get(value):
    return (value.float() if value.dtype == torch.bfloat16 else value).cpu().numpy()


class Watch:
    """Two events around work."""

    def __init__(self):
        self.start, self.end = (torch.cuda.Event(enable_timing=True) for _ in range(2))

    def milliseconds(self, work):
        self.start.record()
        work()
        self.end.record()
        self.end.synchronize()
        return self.start.elapsed_time(self.end)


def saxpy(k, x, y):
    y.add_(x, alpha=k)


def black_scholes(price, strike, years, call, put):
    deviation = 0.30 * torch.sqrt(years)
    d1 = (torch.log(price / strike) + (0.02 + 0.5 * 0.30**2) * years) / deviation
    first, second = (0.5 + 0.5 * torch.erf(d / math.sqrt(2)) for d in (d1, d1 - deviation))
    discounted = strike * torch.exp(-0.02 * years)
    torch.sub(price * first, discounted * second, out=call)
    torch.sub(discounted * (1 - second), price * (1 - first), out=put)


def softmax(x, out):
    return torch.softmax(x, dim=1)


def transpose(a, out):
    out.copy_(a.t())


def stencil_2d(a, out):
    out[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])


def stencil_3d(a, out):
    out[1:-1, 1:-1, 1:-1] = -6 * a[1:-1, 1:-1, 1:-1] + (
        a[:-2, 1:-1, 1:-1] + a[2:, 1:-1, 1:-1] + a[1:-1, :-2, 1:-1] + a[1:-1, 2:, 1:-1] + a[1:-1, 1:-1, :-2]
        + a[1:-1, 1:-1, 2:]
    )  # fmt: skip


def histogram(items, counts):
    counts.copy_(torch.bincount(items, minlength=256))


def product(a, b, out):
    torch.matmul(a, b, out=out)


def product_tf32(a, b, out):
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.matmul(a, b, out=out)
    torch.backends.cuda.matmul.allow_tf32 = False


PROGRAMS = {
    "vector_add": lambda a, b, out: torch.add(a, b, out=out),
    "saxpy": saxpy,
    "black_scholes": black_scholes,
    "reduction": lambda x: x.sum(),
    "softmax_128": softmax,
    "softmax_8192": softmax,
    "transpose": transpose,
    "stencil_2d": stencil_2d,
    "stencil_3d": stencil_3d,
    "histogram": histogram,
    "matmul_f32_512": product,
    "matmul_f32_4096": product,
    "matmul_tf32_4096": product_tf32,
    "matmul_f16_4096": product,
    "matmul_f16_8192": product,
    "matmul_bf16_4096": product,
    "matmul_bf16_8192": product,
}
