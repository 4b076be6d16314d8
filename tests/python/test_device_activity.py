"""What was launched and copied, as `numir run --remarks` and `cuda.transfers()` tell it: exact numbers, on the simulator."""

import os
import pathlib
import subprocess

import numpy as np
import pytest
from numir import cuda, njit, prange

ROOT = pathlib.Path(__file__).parents[2]
NUMIR = pathlib.Path(os.environ.get("NUMIR", ROOT / "target" / "release" / "numir"))

WAVES = """
import numpy as np


def waves(x, steps):
    for _ in range(steps):
        x = np.cos(x) * 0.5 + np.sin(x) ** 2
    return x.sum()
"""


def remarks(folder, program, function, *arguments):
    (folder / "program.py").write_text(program)
    np.save(folder / "x.npy", np.linspace(0, 1, 10_000))
    command = [NUMIR, "run", "program.py", function, *arguments, "--remarks"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_run_tells_what_was_launched_and_copied(tmp_path):
    text = remarks(tmp_path, WAVES, "waves", "x.npy", "10", "--target", "cuda-sim")
    assert "program.py:7:13: done: the array operation runs on the device" in text
    # What the loop makes is never the host's, and three sums of pieces come back.
    assert text.splitlines()[-3:] == [
        "program.py:7: kernel waves_kernel0: 10 launches, to the device for it: 1 copy of 80000 bytes in all",
        "program.py:8: kernel waves_kernel1: 1 launch",
        "to the device: 1 copy of 80000 bytes in all; to the host: 1 copy of 24 bytes in all",
    ]


def test_the_host_has_no_device_to_tell_of(tmp_path):
    text = remarks(tmp_path, WAVES, "waves", "x.npy", "10")
    assert "done" in text and ": kernel " not in text and "to the device" not in text


@cuda.jit(target="cuda-sim")
def add(a, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] += a[i]


@pytest.fixture(autouse=True)
def simulator(monkeypatch):
    from numir import config

    monkeypatch.setattr(config, "ENABLE_CUDASIM", True)


def test_kernels_by_hand_are_counted_with_their_lines():
    a, out = np.arange(100.0), np.zeros(100)
    add[4, 32](a, out)
    with cuda.transfers() as moved:
        add[4, 32](a, out)
        add[4, 32](a, out)
    (kernel,) = moved.kernels
    assert kernel.launches == 2 and (kernel.copies, kernel.bytes) == (4, 3200)
    place, line = kernel.place.rsplit(":", 1)
    assert place.endswith("test_device_activity.py")
    lines = pathlib.Path(__file__).read_text().splitlines()
    assert "def add(a, out):" in lines[int(line) - 1 : int(line) + 1]
    assert moved.to_device == (4, 3200) and moved.to_host == (2, 1600)
    assert str(moved).endswith(
        "to the device: 4 copies of 3200 bytes in all; to the host: 2 copies of 1600 bytes in all"
    )
    assert np.array_equal(out, 3 * a)


def test_what_lives_on_the_device_is_not_copied():
    a, out = cuda.to_device(np.arange(100.0)), cuda.to_device(np.zeros(100))
    with cuda.transfers() as moved:
        add[4, 32](a, out)
        assert moved.kernels[0].launches == 1
        with cuda.transfers() as inner:
            out.copy_to_host()
    assert inner.kernels == [] and inner.to_host == (1, 800)
    assert moved.to_device == (0, 0) and moved.to_host == (1, 800)
    assert str(inner) == "to the device: nothing; to the host: 1 copy of 800 bytes in all"


@njit(target="cuda-sim")
def partly(n, zeroed):
    fresh = np.zeros(n) if zeroed else np.empty(n)
    if not zeroed:
        fresh[:] = 1.0
    for i in prange(n // 2):
        fresh[i] = i
    return fresh


@pytest.mark.parametrize("zeroed", [True, False])
def test_what_the_host_has_written_before_is_kept(zeroed):
    assert np.array_equal(partly(10, zeroed), [0, 1, 2, 3, 4, *[float(not zeroed)] * 5])


@njit(target="cuda-sim")
def after_the_host(n):
    made = np.empty(n)
    made[n - 1] = 7.0
    for i in prange(n - 1):
        made[i] = i
    return made


@njit(target="cuda-sim")
def by_a_view(n):
    made = np.empty(n)
    tail = made[n - 2 :]
    tail[0] = 5.0
    tail[1] = 6.0
    for i in prange(n - 2):
        made[i] = i
    return made


def test_writes_of_the_host_before_a_launch_are_not_lost():
    assert after_the_host(5).tolist() == [0, 1, 2, 3, 7]
    assert by_a_view(5).tolist() == [0, 1, 2, 5, 6]


@njit(target="cuda-sim")
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@njit(target="cuda-sim")
def filled(a):
    out = np.full(a.shape, 2.0)
    out += a
    return out


def test_reductions_along_axes_run_on_the_device_and_only_results_come_back():
    x = np.random.default_rng(1).standard_normal((50, 40))
    with cuda.transfers() as moved:
        result = softmax(x)
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    assert np.allclose(result, powers / powers.sum(axis=1, keepdims=True))
    assert len(moved.kernels) == 4
    assert moved.to_device == (1, 16_000) and moved.to_host == (1, 16_000)


def test_what_is_filled_on_the_device_is_not_copied_there():
    a = np.arange(12.0).reshape(3, 4)
    with cuda.transfers() as moved:
        assert np.array_equal(filled(a), a + 2)
    assert moved.to_device == (1, 96) and moved.to_host == (1, 96)


def along(x):
    return x.sum(axis=0), x.max(axis=-1), (x * x).mean(axis=1), x.min(axis=0), x.std(axis=-1)


@pytest.mark.parametrize("shape", [(1, 1), (3, 100), (300, 7), (65, 66), (4, 5, 6), (1, 33, 2), (0, 3), (2, 300, 40)])
def test_reductions_along_axes_are_the_hosts_to_the_bit(shape):
    x = np.random.default_rng(1).standard_normal(shape)
    if 0 in shape:
        with pytest.raises(ValueError, match="zero-size array"):
            njit(target="cuda-sim")(along)(x)
        return
    for dtype in (np.float64, np.float32):
        given = x.astype(dtype)
        for ours, theirs in zip(njit(target="cuda-sim")(along)(given), njit(along)(given), strict=True):
            assert np.array_equal(ours, theirs) and ours.dtype == theirs.dtype
