"""Options of `cuda.jit` about what hardware gives a kernel: registers, blocks on a multiprocessor."""

import re

import numir
import numpy as np
import pytest
from numir import cuda, float64

from harness.device import ON_GPU, SIM, TARGET
from harness.ptx import assemble

pytestmark = pytest.mark.usefixtures("assembled")

SIGNATURE = "void(float64[::1])"


def ptx_of(function, **options):
    """The PTX of a kernel with such options."""
    return cuda.jit(SIGNATURE, target="cuda", **options)(function).inspect("ptx")


def double(a):
    i = cuda.grid(1)
    if i < a.size:
        a[i] *= 2


def busy(a):
    """Keeps 48 numbers at once, which no 24 registers hold."""
    own = cuda.local.array(48, float64)
    for k in range(48):
        own[k] = a[k]
    for turn in range(int(a[0])):
        for k in range(48):
            own[k] = own[k] * own[(k + 7) % 48] + turn
    for k in range(48):
        a[k] = own[k]


class TestLimits:
    @pytest.mark.parametrize(
        "options, directives",
        [
            ({}, []),
            ({"max_registers": 40}, [".maxnreg 40"]),
            ({"launch_bounds": 128}, [".maxntid 128"]),
            ({"launch_bounds": (256,)}, [".maxntid 256"]),
            ({"launch_bounds": (256, 4)}, [".maxntid 256", ".minnctapersm 4"]),
            ({"launch_bounds": None, "max_registers": None}, []),
        ],
    )
    def test_the_ptx_says_them(self, options, directives, tmp_path):
        text = ptx_of(double, **options)
        found = [line.strip().rstrip(",") for line in text.splitlines() if line.startswith((".maxn", ".minn"))]
        assert [line.split(",")[0] for line in found] == directives
        assemble(text, "sm_80", tmp_path)

    def test_registers_are_limited(self, tmp_path):
        free = assemble(ptx_of(busy), "sm_80", tmp_path, "-v")
        limited = assemble(ptx_of(busy, max_registers=24), "sm_80", tmp_path, "-v")
        assert "Used 24 registers" in limited and "Used 24 registers" not in free

    def test_more_threads_than_were_promised(self):
        @cuda.jit(launch_bounds=(64, 2), **SIM)
        def kernel(a):
            a[cuda.grid(1)] += 1

        a = np.zeros(128)
        kernel[2, 64](a)
        assert (a == 1).all()
        with pytest.raises(ValueError, match="a block has 65 threads, of 64 at most by the kernel's launch_bounds"):
            kernel[1, 65](a)
        with pytest.raises(ValueError, match="a block has 128 threads"):
            kernel[1, (32, 4)](a)
        assert (a == 1).all()

    def test_they_hold_where_compiled_code_launches(self):
        @cuda.jit(launch_bounds=32)
        def inner(a):
            a[cuda.grid(1)] += 1

        @numir.njit(target=TARGET)
        def outer(threads):
            a = np.zeros(64)
            inner[1, threads](a)
            return a

        assert outer(32).sum() == 32
        with pytest.raises(ValueError, match="of 32 at most by the kernel's launch_bounds"):
            outer(33)

    @pytest.mark.parametrize("option", ["launch_bounds", "max_registers"])
    @pytest.mark.parametrize("value", [0, -1, 4096, 2.5, "many", True])
    def test_numbers_that_no_hardware_has(self, option, value):
        with pytest.raises(ValueError, match=f"{option}.* is an integer from 1 to"):
            cuda.jit(**{option: value}, **SIM)(double)

    def test_shapes_of_bounds(self):
        with pytest.raises(ValueError, match="or these and the least blocks of a multiprocessor"):
            cuda.jit(launch_bounds=(), **SIM)(double)
        with pytest.raises(ValueError, match="the least blocks of a multiprocessor is an integer from 1 to 32, not 64"):
            cuda.jit(launch_bounds=(32, 64), **SIM)(double)
        with pytest.raises(numir.errors.UnsupportedError, match="clusters of blocks"):
            cuda.jit(launch_bounds=(32, 2, 4), **SIM)(double)

    def test_they_are_for_kernels(self):
        with pytest.raises(TypeError, match="unexpected keyword argument 'max_registers'"):
            numir.njit(max_registers=32)(double)


def test_they_are_part_of_what_is_cached(tmp_path, monkeypatch):
    monkeypatch.setattr(numir.config, "CACHE_DIR", str(tmp_path))
    a = np.zeros(64)
    cuda.jit(cache=True, **SIM)(double)[1, 64](a)
    bounded = cuda.jit(cache=True, launch_bounds=32, **SIM)(double)
    with pytest.raises(ValueError, match="launch_bounds"):
        bounded[1, 64](a)


class TestLines:
    def test_the_ptx_names_file_and_lines(self, tmp_path):
        text = ptx_of(double, lineinfo=True)
        files = {number: name for number, name in re.findall(r'\.file\s+(\d+) "([^"]*)"', text)}
        assert any(name.endswith("test_cuda_options.py") for name in files.values())
        lines = {
            int(line) for number, line in re.findall(r"\.loc\s+(\d+) (\d+)", text) if files[number].endswith(".py")
        }
        first = double.__code__.co_firstlineno
        assert {first + 2, first + 3} <= lines
        assert ".debug_info" not in text
        assemble(text, "sm_80", tmp_path, "-lineinfo")

    def test_without_them_there_are_none(self):
        assert ".loc" not in ptx_of(double)

    def test_with_debug_nothing_is_optimised(self, tmp_path):
        text = ptx_of(double, debug=True)
        assert ".loc" in text
        assemble(text, "sm_80", tmp_path, "-lineinfo")
        # Calls of functions stay calls, and variables stay in memory.
        assert ".local" in text and ".local" not in ptx_of(double, lineinfo=True)

    def test_debug_turns_checks_on(self):
        @cuda.jit(debug=True, boundscheck=False, **SIM)
        def kernel(a):
            a[cuda.grid(1)] += 1

        with pytest.raises(IndexError, match="index 4 is out of bounds"):
            kernel[1, 5](np.zeros(4))

    def test_compile_ptx_has_them(self):
        text, _ = cuda.compile_ptx(double, SIGNATURE, lineinfo=True)
        assert "test_cuda_options.py" in text


class TestUses:
    """What a kernel uses: asked of the driver on a GPU, declared by the kernel on the simulator."""

    def test_shared_memory_and_threads(self):
        @cuda.jit(launch_bounds=128, **SIM)
        def kernel(a):
            tile = cuda.shared.array(32, float64)
            x = cuda.threadIdx.x
            tile[x] = a[x]
            cuda.syncthreads()
            a[x] = tile[31 - x]

        assert kernel.get_shared_mem_per_block() == {}
        kernel[1, 32](np.zeros(32))
        kernel[1, 32](np.zeros(32, np.float32))
        told = kernel.get_shared_mem_per_block()
        assert list(told) == kernel.signatures and all(bytes >= 256 for bytes in told.values())
        assert kernel.get_shared_mem_per_block("void(float64[::1])") == told[kernel.signatures[0]]
        assert kernel.get_shared_mem_per_block((float64[::1],)) == told[kernel.signatures[0]]
        assert set(kernel.get_max_threads_per_block().values()) == {128}
        assert set(kernel.get_const_mem_size().values()) == {0} or ON_GPU

    def test_a_signature_is_compiled_for(self):
        kernel = cuda.jit(**SIM)(double)
        assert kernel.get_shared_mem_per_block("void(float32[:])") == 0
        assert len(kernel.signatures) == 1
        assert kernel.get_max_threads_per_block("void(float32[:])") == 1024 or ON_GPU

    def test_registers_are_a_gpus(self):
        kernel = cuda.jit(**SIM)(double)
        if ON_GPU:
            assert kernel.get_regs_per_thread(SIGNATURE) > 0
            assert kernel.get_local_mem_per_thread(SIGNATURE) >= 0
        else:
            with pytest.raises(numir.errors.DeviceError, match="no registers and no local memory of a GPU's"):
                kernel.get_regs_per_thread(SIGNATURE)
            with pytest.raises(numir.errors.DeviceError, match="no registers and no local memory of a GPU's"):
                kernel.get_local_mem_per_thread(SIGNATURE)
