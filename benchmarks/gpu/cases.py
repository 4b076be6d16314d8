"""What the GPU benchmark measures: for each program its types, its arguments at a size, what NumPy says must come out, and how much memory it moves.

Python's standard library and NumPy alone: `run.py` uses this on machines where numir's compiler is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

F4 = np.float32


@dataclass(frozen=True)
class Case:
    """A program of `programs.py` on arguments of one kind."""

    name: str
    function: str
    types: str
    # A size that is checked, a tiny one for the simulator, and the one that is timed.
    checked: tuple
    tiny: tuple
    timed: tuple
    # size -> the arguments by their names, in order.
    arguments: Callable
    # The arguments -> what must come out: arrays by their names, or `result` for what is returned.
    expected: Callable
    # The arguments -> bytes that any program must read and write; None where memory is not what it waits for.
    moved: Callable | None = None
    # The arguments -> operations on numbers; None where nobody counts them.
    operations: Callable | None = None
    tolerance: float = 1e-5
    # What numir may do to floats, a name of its `fastmath`.
    liberty: str = ""
    # How many calls there are between two events.
    batch: int = 20


def random(*shape, seed=1, low=0.0, high=1.0):
    return np.random.default_rng(seed).uniform(low, high, shape).astype(F4)


def all_bytes(arguments):
    return sum(value.nbytes for value in arguments.values() if isinstance(value, np.ndarray))


def vector_add(size):
    return {"a": random(*size), "b": random(*size, seed=2), "out": np.zeros(size, F4)}


def saxpy(size):
    return {"k": 2.5, "x": random(*size), "y": random(*size, seed=2)}


def black_scholes(size):
    price, strike = random(*size, low=5, high=30), random(*size, seed=2, low=1, high=100)
    years = random(*size, seed=3, low=0.25, high=10)
    return {"price": price, "strike": strike, "years": years, "call": np.zeros(size, F4), "put": np.zeros(size, F4)}


def _normal_distribution(d):
    k = 1 / (1 + 0.2316419 * abs(d))
    series = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    tail = 0.3989422804 * np.exp(-0.5 * d * d) * series
    return np.where(d > 0, 1 - tail, tail)


def black_scholes_expected(given):
    price, strike, years = (given[name].astype(float) for name in ("price", "strike", "years"))
    deviation = 0.30 * np.sqrt(years)
    d1 = (np.log(price / strike) + (0.02 + 0.5 * 0.30**2) * years) / deviation
    first, second = _normal_distribution(d1), _normal_distribution(d1 - deviation)
    discounted = strike * np.exp(-0.02 * years)
    return {"call": price * first - discounted * second, "put": discounted * (1 - second) - price * (1 - first)}


def mandelbrot(size):
    return {"out": np.zeros(size, np.int32), "most": 256}


def mandelbrot_expected(given):
    height, width = given["out"].shape
    cx = F4(-2) + F4(3) * np.arange(width).astype(F4) / F4(width) + np.zeros((height, 1), F4)
    cy = (F4(-1.5) + F4(3) * np.arange(height).astype(F4) / F4(height))[:, None] + np.zeros(width, F4)
    x, y, steps = np.zeros_like(cx), np.zeros_like(cx), np.zeros(cx.shape, np.int32)
    inside = np.ones(cx.shape, bool)
    for _ in range(given["most"]):
        inside &= x * x + y * y <= 4
        x, y = np.where(inside, x * x - y * y + cx, x), np.where(inside, 2 * x * y + cy, y)
        steps += inside
    return {"out": steps}


def softmax(size):
    return {"x": random(*size, low=-4, high=4), "out": np.zeros(size, F4)}


def softmax_expected(given):
    x = given["x"].astype(float)
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return {"out": powers / powers.sum(axis=1, keepdims=True)}


def stencil(size):
    return {"a": random(*size), "out": np.zeros(size, F4)}


def stencil_2d_expected(given):
    a, out = given["a"].astype(float), np.zeros(given["a"].shape)
    out[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])
    return {"out": out}


def stencil_3d_expected(given):
    a, out, inner = given["a"].astype(float), np.zeros(given["a"].shape), slice(1, -1)
    out[1:-1, 1:-1, 1:-1] = -6 * a[1:-1, 1:-1, 1:-1]
    for axis in range(3):
        for side in (slice(None, -2), slice(2, None)):
            place = [inner] * 3
            place[axis] = side
            out[1:-1, 1:-1, 1:-1] += a[tuple(place)]
    return {"out": out}


def histogram(size):
    items = np.random.default_rng(1).integers(0, 256, size, np.uint8)
    return {"items": items, "counts": np.zeros(256, np.int32)}


def n_body(size):
    places = {name: random(*size, seed=seed, low=-1) for seed, name in enumerate("xyz")}
    return {**places, "mass": random(*size, seed=9), **{name: np.zeros(size, F4) for name in ("ax", "ay", "az")}}


def n_body_expected(given):
    x, y, z, mass = (given[name].astype(float) for name in ("x", "y", "z", "mass"))
    dx, dy, dz = (axis[None, :] - axis[:, None] for axis in (x, y, z))
    weight = mass * (dx * dx + dy * dy + dz * dz + F4(0.01)) ** -1.5
    return {name: (weight * d).sum(axis=1) for name, d in (("ax", dx), ("ay", dy), ("az", dz))}


def product(dtype):
    def arguments(size):
        n = size[0]
        a, b = random(n, n, low=-1).astype(dtype), random(n, n, seed=2, low=-1).astype(dtype)
        return {"a": a, "b": b, "out": np.zeros((n, n), dtype)}

    return arguments


def arrays(count):
    def arguments(size):
        return {name: np.ones(size, F4) for name in "abcdefghijkmnopq"[:count]}

    return arguments


def _product_case(form, n, tolerance):
    # NumPy has neither bfloat16 nor tf32: numir rounds float32, and the peers make arguments of the type if they have it.
    dtype = "f16" if form == "f16" else "f32"
    return Case(
        f"matmul_{form}_{n}", "product", ", ".join([f"{dtype}[:, ::1]"] * 3), (100,), (8,), (n,),
        product({"f32": F4, "f16": np.float16}[dtype]),
        lambda given: {"out": given["a"].astype(float) @ given["b"].astype(float)},
        operations=lambda given: 2.0 * given["a"].shape[0] ** 3, tolerance=tolerance, batch=20 if n <= 512 else 3,
        liberty="" if form == dtype else form,
    )  # fmt: skip


def _launch_case(name, count, expected):
    types = ", ".join(["f32[::1]"] * count)
    return Case(name, name, types, (4,), (4,), (4,), arrays(count), expected, batch=500)


F1 = "f32[::1]"
F2 = "f32[:, ::1]"

CASES = [
    Case("vector_add", "vector_add", f"{F1}, {F1}, {F1}", (100_003,), (1000,), (1 << 25,), vector_add,
         lambda given: {"out": given["a"] + given["b"]}, moved=all_bytes),
    Case("saxpy", "saxpy", f"f32, {F1}, {F1}", (100_003,), (1000,), (1 << 25,), saxpy,
         lambda given: {"y": F4(given["k"]) * given["x"] + given["y"]},
         moved=lambda given: 3 * given["x"].nbytes),
    Case("black_scholes", "black_scholes", ", ".join([F1] * 5), (100_003,), (1000,), (1 << 24,), black_scholes,
         black_scholes_expected, moved=all_bytes, tolerance=2e-4),
    Case("mandelbrot", "mandelbrot", "i32[:, ::1], i64", (200, 301), (24, 33), (4096, 4096), mandelbrot,
         mandelbrot_expected, tolerance=None, batch=5),
    Case("reduction", "reduction", F1, (100_003,), (5000,), (1 << 26,), lambda size: {"x": random(*size)},
         lambda given: {"result": given["x"].sum(dtype=float)}, moved=all_bytes),
    Case("softmax_128", "softmax_128", f"{F2}, {F2}", (1003, 128), (5, 128), (1 << 18, 128), softmax,
         softmax_expected, moved=all_bytes),
    Case("softmax_8192", "softmax_8192", f"{F2}, {F2}", (13, 8192), (2, 300), (4096, 8192), softmax,
         softmax_expected, moved=all_bytes),
    Case("transpose", "transpose", f"{F2}, {F2}", (301, 403), (33, 40), (8192, 8192),
         lambda size: {"a": random(*size), "out": np.zeros(size[::-1], F4)},
         lambda given: {"out": given["a"].T}, moved=all_bytes),
    Case("stencil_2d", "stencil_2d", f"{F2}, {F2}", (301, 403), (20, 30), (8192, 8192), stencil,
         stencil_2d_expected, moved=all_bytes),
    Case("stencil_3d", "stencil_3d", "f32[:, :, ::1], f32[:, :, ::1]", (31, 43, 50), (7, 8, 9), (512, 512, 512),
         stencil, stencil_3d_expected, moved=all_bytes),
    Case("histogram", "histogram", "u8[::1], i32[::1]", (100_003,), (1000,), (1 << 27,), histogram,
         lambda given: {"counts": np.bincount(given["items"], minlength=256)},
         moved=lambda given: given["items"].nbytes, tolerance=0.0),
    Case("n_body", "n_body", ", ".join([F1] * 7), (1003,), (50,), (1 << 15,), n_body, n_body_expected,
         operations=lambda given: 20.0 * given["x"].size ** 2, tolerance=1e-3, batch=3),
    _product_case("f32", 512, 1e-4),
    _product_case("f32", 4096, 1e-4),
    _product_case("tf32", 4096, 2e-2),
    _product_case("f16", 4096, 2e-2),
    _product_case("f16", 8192, 2e-2),
    _product_case("bf16", 4096, 2e-1),
    _product_case("bf16", 8192, 2e-1),
    _launch_case("launch_nothing", 0, lambda given: {}),
    _launch_case("launch_one", 1, lambda given: {"a": np.r_[F4(1), np.ones(3, F4)]}),
    _launch_case("launch_sixteen", 16, lambda given: {"a": np.r_[F4(15), np.ones(3, F4)]}),
]  # fmt: skip


def difference(case, found, expected):
    """What is wrong with an array that came out, as a text; None if it is as it should be."""
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        return f"shape {found.shape}, expected {expected.shape}"
    if case.tolerance is None:
        # Whole numbers; of the points at the edge of a set a few may be rounded to the other side.
        wrong = np.count_nonzero(found != expected)
        return None if wrong <= expected.size // 200 else f"{wrong} of {expected.size} items differ"
    worst = np.max(np.abs(found - expected) / (1 + np.abs(expected)), initial=0.0)
    return None if worst <= case.tolerance else f"off by {worst:.1e}, of {case.tolerance:.0e} at most"
