"""The kernels' arguments, in full for compiled code and smaller for CPython; and what they return."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Kernel:
    """Arguments of `run`, what it returns ("float", "int" or None), and how the result may differ from C's."""

    arguments: tuple
    # A share of the work for CPython, as arguments, and how many times more work the full arguments are.
    small: tuple
    factor: float
    returns: str | None = None
    tolerance: float = 0.0
    # Which arguments C takes as arrays without their extents, because it has them from others.
    bare: tuple = field(default=())
    parallel: bool = False


def kernels():
    """All kernels by name."""
    rng = np.random.default_rng(7)
    dem = np.cumsum(rng.normal(size=(800, 800)), axis=1) + 500.0
    plate = rng.random((1500, 1500))
    position, mass = rng.normal(size=(1200, 3)), rng.random(1200)
    spot, strike, years = rng.uniform(50, 150, 500_000), rng.uniform(50, 150, 500_000), rng.uniform(0.1, 3, 500_000)
    a, b = rng.normal(size=(400, 400)), rng.normal(size=(400, 400))
    words = rng.integers(97, 101, (2, 3000)).astype(np.uint8)
    rows = np.zeros((2, 3001), np.int64)
    source, index = rng.normal(size=200_000), rng.integers(0, 200_000, 2_000_000)
    bytes_ = rng.integers(0, 256, 4_000_000).astype(np.uint8)
    items, others = rng.normal(size=2_000_000), rng.normal(size=2_000_000)
    return {
        "hillshade": Kernel(
            (dem, 315.0, 45.0, np.zeros_like(dem)),
            (dem[:80, :80].copy(), 315.0, 45.0, np.zeros((80, 80))),
            (798 / 78) ** 2,
            tolerance=1e-12,
            bare=(3,),
        ),
        "heat": Kernel(
            (plate, plate.copy(), 0.1),
            (plate[:150, :150].copy(), plate[:150, :150].copy(), 0.1),
            (1498 / 148) ** 2,
            tolerance=1e-12,
            bare=(1,),
        ),
        "nbody": Kernel(
            (position, mass, np.zeros_like(position)),
            (position[:120].copy(), mass[:120].copy(), np.zeros((120, 3))),
            100.0,
            tolerance=1e-6,
            bare=(2,),
        ),
        "mandelbrot": Kernel(
            (np.zeros((400, 400), np.int64), 300),
            (np.zeros((40, 40), np.int64), 300),
            100.0,
            parallel=True,
        ),
        "black_scholes": Kernel(
            (spot, strike, years, 0.03, 0.25, np.zeros_like(spot)),
            (spot[:10_000].copy(), strike[:10_000].copy(), years[:10_000].copy(), 0.03, 0.25, np.zeros(10_000)),
            50.0,
            tolerance=1e-9,
            parallel=True,
        ),
        "matmul": Kernel(
            (a, b, np.zeros((400, 400))),
            (a[:40, :40].copy(), b[:40, :40].copy(), np.zeros((40, 40))),
            1000.0,
            tolerance=1e-9,
        ),
        "sieve": Kernel((np.zeros(2_000_000, np.bool_),), (np.zeros(100_000, np.bool_),), 21.0, "int"),
        "monte_carlo": Kernel((2_000_000, 42), (20_000, 42), 100.0, "float"),
        "edit_distance": Kernel(
            (words[0], words[1], rows[0], rows[1]),
            (words[0, :200].copy(), words[1, :200].copy(), rows[0, :201].copy(), rows[1, :201].copy()),
            225.0,
            "int",
        ),
        "gather": Kernel(
            (source, index, np.zeros(len(index))), (source, index[:50_000].copy(), np.zeros(50_000)), 40.0
        ),
        "histogram": Kernel((bytes_, np.zeros(256, np.int64)), (bytes_[:50_000].copy(), np.zeros(256, np.int64)), 80.0),
        "total": Kernel((items,), (items,), 1.0, "float", tolerance=1e-9),
        "dot": Kernel((items, others), (items[:50_000].copy(), others[:50_000].copy()), 40.0, "float", tolerance=1e-9),
    }
