"""The devices of `numir.cuda`, on the simulator; and what is said where there is no GPU."""

import os
import pathlib
import subprocess
import sys

import numir
import pytest
from numir import config, cuda

HAS_DRIVER = pathlib.Path("/dev/nvidiactl").exists()


@pytest.fixture(autouse=True)
def simulator(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", True)


def run(script, **environment):
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(numir.__file__).parents[1]), **environment}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_environment_chooses_the_simulator():
    script = "from numir import cuda; from numir.cuda import _place; print(_place.target(), cuda.is_available())"
    assert run(script, NUMIR_ENABLE_CUDASIM="1") == "cuda-sim True\n"
    assert run(script, NUMIR_ENABLE_CUDASIM="0") == f"cuda {HAS_DRIVER}\n"


def test_numir_alone_does_not_import_it():
    assert run("import numir, sys; print([name for name in sys.modules if 'cuda' in name])") == "[]\n"


def test_the_simulator_is_a_device():
    assert cuda.is_available() and cuda.is_supported_version() and cuda.is_float16_supported()
    assert cuda.cuda_error() is None
    assert len(cuda.gpus) == len(cuda.list_devices().lst) == 1
    device = cuda.get_current_device()
    assert device.id == 0 and device.compute_capability == (9, 0) and device.supports_float16
    assert device.name in repr(device) and device.uuid.startswith("GPU-6e756d69-")
    assert (device.WARP_SIZE, device.MAX_THREADS_PER_BLOCK, device.MAX_BLOCK_DIM_Z) == (32, 1024, 64)
    assert (device.MAX_GRID_DIM_X, device.MAX_SHARED_MEMORY_PER_BLOCK_OPTIN) == (2**31 - 1, 227 * 1024)
    assert device.MULTIPROCESSOR_COUNT == numir.config.NUMBA_NUM_THREADS
    assert device.COMPUTE_CAPABILITY_MAJOR == 9
    with pytest.raises(AttributeError, match="no attribute 'WRAP_SIZE'"):
        device.WRAP_SIZE  # noqa: B018
    assert cuda.gpus[0] == device == cuda.gpus.current and [gpu.id for gpu in cuda.gpus] == [0]


def test_a_device_is_selected():
    context = cuda.select_device(0)
    assert context == cuda.current_context() and context.id == 0
    assert context.get_compute_capability() == (9, 0)
    with cuda.gpus[0] as gpu:
        assert gpu.id == 0
    with pytest.raises(cuda.CudaSupportError, match="there is no GPU 1: the simulator is one, number 0"):
        cuda.select_device(1)
    cuda.synchronize()
    context.synchronize()


def test_memory_is_told():
    free, total = cuda.current_context().get_memory_info()
    assert 0 < free <= total
    assert cuda.current_context().get_memory_info().total == total


def test_detecting_prints_what_there_is(capsys):
    assert cuda.detect() is True
    text = capsys.readouterr().out
    assert "Found 1 CUDA devices" in text and "[SUPPORTED]" in text and "1/1 devices are supported" in text


@pytest.mark.skipif(HAS_DRIVER, reason="this machine has a driver")
def test_without_a_driver_that_is_told(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", False)
    assert not cuda.is_available() and not cuda.is_supported_version()
    assert "there is no CUDA driver on this machine" in cuda.cuda_error()
    for ask in (cuda.get_current_device, cuda.current_context, cuda.synchronize, cuda.detect, cuda.runtime.get_version):
        with pytest.raises(numir.errors.DeviceError, match="install NVIDIA's driver, or run kernels on the simulator"):
            ask()


def test_names_that_are_not_there():
    with pytest.raises(AttributeError, match="module 'numir.cuda' has no attribute 'gpu'"):
        cuda.gpu  # noqa: B018
    assert {"gpus", "synchronize"} <= set(dir(cuda))
