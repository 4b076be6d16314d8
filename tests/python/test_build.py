"""`numir build` and `numir-rt`: compiled functions as files, run by a program without the compiler."""

import json
import os
import pathlib
import shutil
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


def with_tuple(pair, nested):
    return pair[0] * nested[1][0] + pair[1] + nested[1][1][-1], nested[0]


def solved(a, b):
    return np.linalg.solve(a, b) @ a, np.fft.fft(b[0])


@cuda.jit
def add_to(a, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] += a[i]


def in_place(a, out):
    add_to[(a.size + 63) // 64, 64](a, out)


@cuda.jit
def add_one(a):
    a[cuda.grid(1)] += 1


def ones_added(a):
    add_one[1, 8](a)


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


# numir-rt as `make small-runtime` makes it, where it has been made.
SMALL = ROOT / "target" / "small" / "numir-rt"


def build(folder, function, *arguments):
    command = [NUMIR, "build", f"{folder / 'program.py'}:{function}", "-o", folder / "x.nmx", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def rt(folder, *arguments, runtime=RUNTIME, **environment):
    command, environment = [runtime, *arguments], {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)


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
    "runtime",
    [
        RUNTIME,
        pytest.param(
            SMALL, marks=pytest.mark.skipif(not SMALL.exists(), reason="`make small-runtime` has not been run")
        ),
    ],
)
def test_linear_algebra_needs_no_compiler(folder, runtime):
    random = np.random.default_rng(1)
    a, b = random.standard_normal((40, 40)), random.standard_normal((40, 40))
    np.save(folder / "m.npy", a)
    np.save(folder / "b.npy", b)
    assert build(folder, "solved", "--types", "f64[:, ::1], f64[:, ::1]", "--cpu", "generic").returncode == 0
    done = rt(folder, "run", "x.nmx", "m.npy", "b.npy", "-o", "p.npy", "-o", "f.npy", runtime=runtime)
    assert done.returncode == 0, done.stderr
    assert np.allclose(np.load(folder / "p.npy"), np.linalg.solve(a, b) @ a)
    assert np.allclose(np.load(folder / "f.npy"), np.fft.fft(b[0]))


@pytest.mark.skipif(not SMALL.exists(), reason="`make small-runtime` has not been run")
def test_the_small_one_is_small():
    assert SMALL.stat().st_size < 5_000_000


def test_tuples_are_arguments(folder):
    done = build(folder, "with_tuple", "--types", "(float, i64), (i64, (float, f64[::1]))")
    assert done.returncode == 0, done.stderr
    done = rt(folder, "run", "x.nmx", "(-2.5, (4))", "( 7,(2.0, v.npy, ),)")
    assert done.stdout == "(98.0, 7)\n", done.stderr
    for given, message in [
        ("(-2.5, 4, 5)", "is called with other types"),
        ("(-2.5, , 4)", "error: `` is neither a number"),
        ("(-2.5, 4", "error: `(-2.5, 4` is neither a number"),
        ("(" * 50 + "1" + ")" * 50, "is neither a number"),
    ]:
        done = rt(folder, "run", "x.nmx", given, "(7, (2.0, v.npy))")
        assert done.returncode == 1 and message in done.stderr


def test_code_is_made_for_another_cpu(folder):
    types = ("--types", "f64[::1]")
    sizes = set()
    for cpu in ("generic", "x86-64-v3"):
        done = build(folder, "on_device", *types, "--target", "cuda-sim", "--cpu", cpu)
        assert done.returncode == 0, done.stderr
        sizes.add((folder / "x.nmx").stat().st_size)
        assert rt(folder, "run", "x.nmx", "v.npy", "-o", "out.npy").returncode == 0
        assert np.array_equal(np.load(folder / "out.npy"), np.arange(100.0) + 1)
    assert len(sizes) == 2
    done = build(folder, "on_device", *types, "--cpu", "cuda:sm_90")
    assert done.returncode == 1 and "there is no CPU `cuda:sm_90`; known are host, generic, x86-64," in done.stderr
    done = build(folder, "on_device", *types, "--target", "x86-64-v2", "--cpu", "x86-64-v3")
    assert done.returncode == 1 and "the target x86-64-v2 is a CPU already" in done.stderr


def test_code_for_a_cpu_that_can_more_is_refused(folder):
    assert build(folder, "failing", "--cpu", "sapphirerapids").returncode == 0
    done = rt(folder, "run", "x.nmx", "1")
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    if "avx512_fp16" in flags and "avx_vnni" in flags:
        assert done.stdout == "0.0\n"
    else:
        assert done.returncode == 1 and "error: it was built for a CPU with " in done.stderr
        assert "which this one has not: build it with --cpu x86-64-v3, or --cpu generic" in done.stderr


def test_arrays_that_are_given_are_saved(folder):
    assert build(folder, "in_place", "--types", "f64[::1], f64[::1]", "--target", "cuda-sim").returncode == 0
    np.save(folder / "w.npy", np.full(100, 0.5))
    done = rt(folder, "run", "x.nmx", "v.npy", "w.npy", "--save", "out=out.npy", "--remarks")
    assert done.returncode == 0, done.stderr
    kernel, copies = done.stderr.splitlines()
    assert "program.py:" in kernel and kernel.endswith(
        ": 1 launch, to the device for it: 2 copies of 1600 bytes in all"
    )
    assert copies == "to the device: 2 copies of 1600 bytes in all; to the host: 1 copy of 800 bytes in all"
    assert np.array_equal(np.load(folder / "out.npy"), np.arange(100.0) + 0.5)
    for told, message in [
        ("gone=x.npy", "--save gone=x.npy: in_place() has no parameter `gone`"),
        ("out", "--save out: no file is named: out=FILE.npy"),
    ]:
        done = rt(folder, "run", "x.nmx", "v.npy", "w.npy", "--save", told)
        assert done.returncode == 1 and message in done.stderr


def test_calls_are_timed_on_the_device(folder):
    assert build(folder, "in_place", "--types", "f64[::1], f64[::1]", "--target", "cuda-sim").returncode == 0
    amount = ("--seconds", "0", "--repeat", "7")
    done = rt(folder, "time", "x.nmx", "v.npy", "v.npy", "--resident", "--batch", "3", *amount)
    assert done.returncode == 0, done.stderr
    timed = json.loads(done.stdout)
    assert timed["batch"] == 3 and len(timed["event_seconds"]) == len(timed["call_seconds"]) == 7
    assert min(timed["event_seconds"]) > 0
    copied = json.loads(rt(folder, "copy", "--simulator", "--bytes", "4096", *amount).stdout)
    assert copied["bytes"] == 4096 and len(copied["event_seconds"]) == 7
    assert json.loads(rt(folder, "device", "--simulator").stdout)["capability"] == [9, 0]
    assert build(folder, "scaled", "--types", "f64[:, ::1], float").returncode == 0
    done = rt(folder, "time", "x.nmx", "a.npy", "1.0", "--resident")
    assert done.returncode == 1 and "--resident is for functions that are built for a device" in done.stderr


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


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    """The folder of the runtime's driver for tests, which knows a kernel that adds one to each item."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no compiler of C")
    folder = tmp_path_factory.mktemp("driver")
    source = ROOT / "crates/numir-runtime/tests/it/device/driver.c"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", folder / "libcuda.so.1", source, "-lpthread"]
    subprocess.run(command, check=True)
    return str(folder)


def test_calls_are_timed_by_events_of_cuda(folder, driver):
    assert build(folder, "ones_added", "--types", "i64[::1]", "--target", "cuda:sm_80").returncode == 0
    np.save(folder / "i.npy", np.arange(8))
    done = rt(folder, "run", "x.nmx", "i.npy", "--save", "a=o.npy", LD_LIBRARY_PATH=driver)
    assert done.returncode == 0, done.stderr
    assert np.load(folder / "o.npy").tolist() == list(range(1, 9))
    words = ("--resident", "--batch", "4", "--seconds", "0", "--repeat", "3")
    done = rt(folder, "time", "x.nmx", "i.npy", *words, LD_LIBRARY_PATH=driver)
    assert done.returncode == 0, done.stderr
    # That driver's milliseconds are pieces of work: of four launches between two events, and nothing else, each takes one.
    assert json.loads(done.stdout)["event_seconds"] == [0.001] * 3
    done = rt(folder, "copy", "--bytes", "4096", "--seconds", "0", "--repeat", "2", LD_LIBRARY_PATH=driver)
    assert json.loads(done.stdout) == {"bytes": 4096, "event_seconds": [0.001] * 2}
    assert json.loads(rt(folder, "device", LD_LIBRARY_PATH=driver).stdout)["name"] == "Fake 0"
