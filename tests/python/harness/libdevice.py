"""Calls of libdevice's functions in kernels, and numbers to try them with."""

import math

import numpy as np
from numir import cuda
from numir.cuda import libdevice

from harness.device import SIM, defined
from harness.libdevice_types import RESULTS

DTYPES = {"f": np.float32, "d": np.float64, "i": np.int32, "l": np.int64, "h": np.int16}

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.5, 3.25, 1e-3, 0.7, -0.3, 17.8, 123.456, -1e6, 1e30, 3e-30]
EDGES = [*FLOATS, math.inf, -math.inf, math.nan]
HUGE = [*EDGES, 3e38, -3e38, 1e-45, -1e-45, 1e308, -1e308, 5e-324, 2.2250738585072014e-308, 1e-300, 1e300]
INTS = [0, 1, -1, 2, 7, -8, 255, 4096, -65536, 123456789, -2147483648, 2147483647]
LONGS = [*INTS, 2**40 + 12345, -(2**53) - 1, 2**62 + 1, 2**63 - 1, -(2**63)]


def called(name, letters, columns, results=1):
    """What a function gives for rows of arguments, on the simulator or a GPU."""
    arguments = ", ".join(f"a{place}[i]" for place in range(len(letters)))
    outs = ", ".join(f"out{place}[i]" for place in range(results))
    parameters = ", ".join([f"a{place}" for place in range(len(letters))] + [f"out{place}" for place in range(results)])
    source = (
        f"def kernel({parameters}):\n"
        f"    i = cuda.grid(1)\n"
        f"    if i < a0.size:\n"
        f"        {outs} = libdevice.{name}({arguments})\n"
    )
    kernel = cuda.jit(**SIM)(defined(source, "kernel", cuda=cuda, libdevice=libdevice))
    with np.errstate(all="ignore"):
        given = [np.array(column, DTYPES[letter]) for column, letter in zip(columns, letters)]
    told = [np.zeros(len(given[0]), np.float64 if letter in "fd" else np.int64) for letter in RESULTS[name]]
    kernel.forall(len(given[0]))(*given, *told)
    return given, told


def rows(letters, values):
    """All combinations of values for the parameters."""
    grids = np.meshgrid(*[np.arange(len(values[letter])) for letter in letters], indexing="ij")
    return [[values[letter][k] for k in grid.ravel()] for letter, grid in zip(letters, grids)]


def signed(x, bits=32):
    """The number that the lower bits of an integer are, the highest of them its sign."""
    return (int(x) + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)
