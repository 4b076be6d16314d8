"""`numir build` and `numir-rt`: compiled functions as files, run by a program without the compiler."""

import json
import os
import pathlib
import subprocess

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
NUMIR = pathlib.Path(os.environ.get("NUMIR", ROOT / "target" / "release" / "numir"))
RUNTIME = NUMIR.with_name("numir-rt")

PROGRAM = """
import numpy as np
from numir import cuda, njit


@njit
def scaled(a: np.ndarray, k, text="by"):
    return a * k + a.sum(), k + 1


def failing(n: int):
    items = np.zeros(3)
    return items[n]


@cuda.jit
def add(a, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = a[i] + 1


def on_device(a):
    out = np.empty(a.size)
    add[(a.size + 63) // 64, 64](a, out)
    return out
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    np.save(tmp_path / "a.npy", np.arange(6.0).reshape(2, 3))
    np.save(tmp_path / "f.npy", np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    np.save(tmp_path / "v.npy", np.arange(100.0))
    return tmp_path


def build(folder, function, *arguments):
    command = [NUMIR, "build", f"{folder / 'program.py'}:{function}", "-o", folder / "x.nmx", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def rt(folder, *arguments):
    return subprocess.run([RUNTIME, *arguments], capture_output=True, text=True, cwd=folder)


def test_a_function_runs_from_its_file(folder):
    done = build(folder, "scaled", "--types", "f64[:, ::1], float")
    assert done.returncode == 0, done.stderr
    told = rt(folder, "show", "x.nmx")
    assert (
        told.stdout
        == "scaled(a: float64[:, ::1], k: float, text by its default) -> (float64[:, ::1], float) for host\n"
    )
    done = rt(folder, "run", "x.nmx", "a.npy", "-2.5")
    assert done.returncode == 0, done.stderr
    assert "-1.5" in done.stdout
    timed = json.loads(rt(folder, "time", "x.nmx", "a.npy", "1.0", "--seconds", "0.01").stdout)
    assert len(timed["call_seconds"]) >= 5 and min(timed["call_seconds"]) > 0


def test_arrays_are_written(folder):
    assert build(folder, "on_device", "--types", "f64[::1]", "--target", "cuda-sim").returncode == 0
    done = rt(folder, "run", "x.nmx", "v.npy", "-o", "out.npy")
    assert done.returncode == 0, done.stderr
    assert np.array_equal(np.load(folder / "out.npy"), np.arange(100.0) + 1)
    # What cannot be written leaves nothing behind, and nobody's reading is no panic.
    full = rt(folder, "run", "x.nmx", "v.npy", "-o", "/dev/full")
    assert full.returncode == 1 and full.stderr == "error: /dev/full: No space left on device (os error 28)\n"
    with open("/dev/full", "w") as sink:
        command = [RUNTIME, "run", "x.nmx", "v.npy"]
        unread = subprocess.run(command, stdout=sink, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert unread.returncode == 1 and "panicked" not in unread.stderr
    assert sorted(file.name for file in folder.glob("*.partial")) == []


def test_code_for_a_device_is_in_the_file(folder):
    assert build(folder, "on_device", "--types", "f64[::1]", "--target", "cuda:sm_90").returncode == 0
    assert b".target sm_90" in (folder / "x.nmx").read_bytes()


def test_exceptions_have_their_lines(folder):
    assert build(folder, "failing").returncode == 0
    done = rt(folder, "run", "x.nmx", "5")
    assert done.returncode == 1
    assert "IndexError: index 5 is out of bounds for axis 0 with size 3" in done.stderr
    assert "line 13, in failing" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.nmx"], "scaled() takes 2 arguments, of which 0 were given"),
        (["x.nmx", "v.npy", "1.0"], "`a` is float64[:, ::1], and is given an array of float64 with 1 axes"),
        (["x.nmx", "a.npy", "'two'"], "is called with other types"),
        (["x.nmx", "a.npy", "two"], "`two` is neither a number"),
        (["x.nmx", "f.npy", "1.0"], "with 2 axes, not in C's order"),
        (["x.nmx", "a.npy", "99999999999999999999"], "is neither a number"),
        (["x.nmx", "gone.npy", "1.0"], "gone.npy: No such file"),
        (["gone.nmx"], "gone.nmx: No such file"),
        (["a.npy"], "this is no file of `numir build`"),
    ],
)
def test_mistakes_are_told(folder, arguments, message):
    assert build(folder, "scaled", "--types", "f64[:, ::1], float").returncode == 0
    done = rt(folder, "run", *arguments)
    assert done.returncode == 1 and done.stderr.startswith("error: ") and message in done.stderr
