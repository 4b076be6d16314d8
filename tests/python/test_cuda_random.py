"""Random numbers in kernels: the stream is Numba's."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numir import config, cuda
from numir.cuda import random

from harness.device import ON_GPU, TARGET

# What Numba's own simulator of CUDA gives.
NUMBA = """
import warnings; warnings.simplefilter("ignore")
import numpy as np
from numba import cuda
from numba.cuda import random
states = random.create_xoroshiro128p_states(5, seed=123456789, subsequence_start=1)
@cuda.jit
def kernel(states, out):
    i = cuda.grid(1)
    for j in range(out.shape[1]):
        out[i, j] = random.xoroshiro128p_uniform_float64(states, i)
out = np.zeros((5, 4))
kernel[1, 5](states, out)
print(out.tolist())
"""


def states(count, seed, start=0):
    made = np.empty(count, random.xoroshiro128p_dtype)
    random._fill(made, np.uint64(seed), start)
    return made


def test_the_stream_is_numbas():
    @cuda.jit(target=TARGET)
    def kernel(states, out):
        i = cuda.grid(1)
        for j in range(out.shape[1]):
            out[i, j] = random.xoroshiro128p_uniform_float64(states, i)

    out = np.zeros((5, 4))
    kernel[1, 5](states(5, 123456789, 1), out)
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    told = subprocess.run([sys.executable, "-c", NUMBA], env=environment, capture_output=True, text=True, check=True)
    assert out.tolist() == eval(told.stdout)


@pytest.mark.parametrize("bits", [32, 64])
def test_distributions(bits):
    uniform = getattr(random, f"xoroshiro128p_uniform_float{bits}")
    normal = getattr(random, f"xoroshiro128p_normal_float{bits}")

    @cuda.jit(target=TARGET)
    def kernel(states, out):
        i = cuda.grid(1)
        for j in range(out.shape[1]):
            out[i, j, 0] = uniform(states, i)
            out[i, j, 1] = normal(states, i)

    out = np.zeros((64, 500, 2), f"float{bits}")
    kernel[2, 32](states(64, 1), out)
    drawn, normals = out[..., 0].ravel().astype(float), out[..., 1].ravel().astype(float)
    assert ((0 <= drawn) & (drawn <= 1)).all()
    assert abs(drawn.mean() - 0.5) < 0.01 and abs(drawn.var() - 1 / 12) < 0.005
    assert abs(normals.mean()) < 0.03 and abs(normals.std() - 1) < 0.03
    # Threads have streams of their own, and each goes on.
    assert len(np.unique(out[..., 0])) > 31_000


def test_threads_that_share_a_seed_lie_apart():
    assert len({tuple(state) for state in states(100, 7)}) == 100
    assert np.array_equal(states(3, 7, 2), states(5, 7)[2:])
    assert states(0, 7).size == 0


def test_states_live_on_the_device(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", not ON_GPU)

    @cuda.jit
    def kernel(states, out):
        i = cuda.grid(1)
        out[i] = random.xoroshiro128p_uniform_float32(states, i)

    made = random.create_xoroshiro128p_states(8, seed=5)
    first, second = np.zeros(8), np.zeros(8)
    kernel[1, 8](made, first)
    kernel[1, 8](made, second)
    assert (first != second).all()
    random.init_xoroshiro128p_states(made, seed=5)
    kernel[1, 8](made, second)
    assert np.array_equal(first, second)
