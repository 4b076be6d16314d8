"""`numir.cuda` on CUDA's half, with the driver for tests of the runtime, which has memory, streams and events but runs no PTX."""

import os
import pathlib
import shutil
import subprocess
import sys

import numir
import pytest

ROOT = pathlib.Path(__file__).parents[2]

START = """
import numpy as np
from numir import cuda, errors, njit
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no compiler of C")
    folder = tmp_path_factory.mktemp("driver")
    source = ROOT / "crates/numir-runtime/tests/it/device/driver.c"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", folder / "libcuda.so.1", source, "-lpthread"], check=True
    )
    return folder


def run(driver, script, **environment):
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": str(driver),
        "PYTHONPATH": str(pathlib.Path(numir.__file__).parents[1]),
        "NUMIR_ENABLE_CUDASIM": "0",
        **environment,
    }
    file = driver / "program.py"
    file.write_text(START + script)
    command = [sys.executable, file]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_devices(driver):
    script = """
assert cuda.is_available() and cuda.is_supported_version() and cuda.cuda_error() is None
print([gpu.name for gpu in cuda.gpus], cuda.runtime.get_version())
cuda.select_device(1)
print(cuda.get_current_device(), cuda.current_context().get_memory_info())
try:
    cuda.select_device(0)
except errors.DeviceError as error:
    print(error)
cuda.detect()
"""
    lines = run(driver, script, FAKE_COUNT="2").splitlines()
    assert lines[0] == "['Fake 0', 'Fake 1'] (12, 4)"
    assert lines[1] == "<CUDA device 1 'Fake 1'> MemoryInfo(free=67108864, total=67108864)"
    assert lines[2].startswith("kernels run on GPU 1 already, and a process uses one: select GPU 0 before")
    assert "2/2 devices are supported" in lines[-1]


def test_arrays(driver):
    script = """
array = np.arange(12.0).reshape(3, 4)
device = cuda.to_device(array)
device[1] = np.ones(4)
device[2, 1:3] = device[0, 2:]
array[1], array[2, 1:3] = 1, array[0, 2:]
np.testing.assert_array_equal(device.copy_to_host(), array)
np.testing.assert_array_equal(device.T[1].copy_to_host(), array.T[1])
print(device[2, 1], device.__cuda_array_interface__["stream"])
pinned = cuda.pinned_array((3, 4))
stream = cuda.stream()
with stream.auto_synchronize():
    device.copy_to_host(pinned, stream=stream)
    assert not stream.query()
np.testing.assert_array_equal(pinned, array)
other = np.zeros((3, 4))
with cuda.pinned(other):
    device.copy_to_host(other)
np.testing.assert_array_equal(other, array)
class Foreign:
    __cuda_array_interface__ = {**device.__cuda_array_interface__, "stream": stream.handle}
shared = cuda.as_cuda_array(Foreign())
shared[0] = array[2]
np.testing.assert_array_equal(device[0].copy_to_host(), array[2])
"""
    assert run(driver, script) == "2.0 1\n"


def test_streams(driver):
    script = """
import threading
stream, other = cuda.stream(), cuda.stream()
pinned = cuda.pinned_array(1000)
device = cuda.device_array(1000)
seen = []
start, end = cuda.event(), cuda.event()
start.record(stream)
device.copy_to_device(pinned, stream=stream)
stream.add_callback(lambda *arguments: seen.append(arguments), 5)
end.record(stream)
assert not end.query() and not stream.query() and other.query() and not seen
end.wait(other)
other.synchronize()
assert end.query() and seen == [(stream, 0, 5)] and start.elapsed_time(end) == 2.0
assert cuda.default_stream().query()
# Memory that a stream may still use waits for nobody's interpreter as it goes.
device.copy_to_device(pinned, stream=stream)
stream.add_callback(lambda *arguments: seen.append(None))
device.copy_to_device(pinned, stream=other)
del device
assert seen[1:] == [None]
stream.add_callback(lambda *arguments: seen.append(None))
del stream
print(len(seen))
"""
    assert run(driver, script) == "2\n"


ERRORS = {
    "cuda.device_array(1 << 30)": (
        "MemoryError: CUDA_ERROR_OUT_OF_MEMORY (words of the driver): use smaller arrays, or end other programs that use the GPU\n"
        "an array of 8589934592 bytes, on Fake 0 of 67108864 bytes"
    ),
    "a = cuda.to_device(np.arange(3)); cuda.close(); a.copy_to_host()": (
        "DeviceError: the array is gone: it was made before cuda.close(), or a reset of its context or device; make it anew"
    ),
    "njit(lambda x: x.sum())(cuda.to_device(np.arange(3)))": (
        "TypeError: an array on a device is passed to a function that is compiled for the CPU: pass what its copy_to_host() gives, or "
        'compile the function with target="cuda"'
    ),
    "njit(lambda x: x.sum(), target='cuda')(cuda.to_device(np.arange(3)))": (
        "DeviceError: CUDA_ERROR_NOT_FOUND (words of the driver): the module has nothing of that name, which is an error of the compiler\n"
        "kernel "
    ),
    "e = cuda.event(timing=False); e.record(); e.elapsed_time(e)": (
        "DeviceError: CUDA's error 400 (words of the driver): the stream or the event is gone, or the event takes no times"
    ),
    "e = cuda.event(); s = cuda.stream(); e.record(s); s.add_callback(print); f = cuda.event(); f.record(s); e.elapsed_time(f)": (
        "DeviceError: CUDA's error 600 (words of the driver): both events must be reached first: wait for the later one with synchronize()"
    ),
    "cuda.external_stream(5); cuda.select_device(4)": "DeviceError: there is no GPU 4: the machine has 1, counted from 0",
    "a = np.zeros(4)\nwith cuda.pinned(a, a): pass": (
        "ValueError: CUDA's error 712 (words of the driver): the array is pinned already, or shares pages with one that is"
    ),
}


@pytest.mark.parametrize("program", ERRORS)
def test_errors(driver, program):
    lines = program.replace("; ", "\n").splitlines()
    lines = ["try:", *(f"    {line}" for line in lines), "except Exception as error:"]
    script = "\n".join(lines) + "\n    print(type(error).__name__, error, sep=': ')\n"
    assert run(driver, script).startswith(ERRORS[program])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"FAKE_VERSION": "11020"},
            "the driver is too old: it is for CUDA 11.2, and numir wants 11.4; install a newer one",
        ),
        ({"FAKE_COUNT": "0"}, "there is no GPU, or CUDA_VISIBLE_DEVICES hides it: run kernels on the simulator"),
        ({"FAKE_INIT": "803"}, "CUDA's error 803 (words of the driver): the driver's library and its kernel module"),
        ({"NUMIR_CUDA_DEVICE": "3"}, "NUMIR_CUDA_DEVICE is 3, and it must be the number of a GPU, from 0 to 0"),
    ],
)
def test_devices_that_cannot_be_used(driver, settings, message):
    script = """
try:
    cuda.to_device(np.arange(3))
except errors.DeviceError as error:
    print(cuda.is_available(), error)
"""
    available = "NUMIR_CUDA_DEVICE" in settings
    assert run(driver, script, **settings).startswith(f"{available} {message}")


def test_what_kernels_use(driver):
    script = """
@cuda.jit("void(float64[::1])", launch_bounds=256)
def kernel(a):
    a[cuda.grid(1)] += 1
for ask in (kernel.get_regs_per_thread, kernel.get_local_mem_per_thread, kernel.get_shared_mem_per_block,
            kernel.get_const_mem_size, kernel.get_max_threads_per_block):
    print(ask("void(float64[::1])"), list(ask().values()), list(ask()) == kernel.signatures)
"""
    lines = run(driver, script).splitlines()
    # As the driver for tests has them, whatever the kernel is.
    assert lines == [f"{number} [{number}] True" for number in (200, 40, 16, 24, 512)]
