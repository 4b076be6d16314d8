"""The GPU benchmark's archive: made, unpacked and run where no GPU is, at tiny sizes."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tarfile

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
NUMIR = pathlib.Path(os.environ.get("NUMIR", ROOT / "target" / "release" / "numir"))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    file = folder / "bench.tar.gz"
    command = [
        sys.executable,
        ROOT / "benchmarks/gpu/pack.py",
        "-o",
        file,
        "--numir",
        NUMIR,
        "--architectures",
        "cuda-sim",
    ]
    done = subprocess.run([*command, "--runtime", NUMIR.with_name("numir-rt")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert file.stat().st_size < 60_000_000
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    return folder / "gpu-bench"


def run(unpacked, *arguments):
    command = [sys.executable, unpacked / "run.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=unpacked.parent)


def test_every_program_is_right_and_timed(unpacked):
    file = unpacked.parent / "times.json"
    done = run(unpacked, "--simulate", "--seconds", "0", "--repeat", "2", "--json", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    times = json.loads(file.read_text())
    assert times["bandwidth"] > 0
    for name, told in times["programs"].items():
        assert told["numir"]["event"]["count"] >= 2 and told["numir"]["event"]["least"] > 0, name
    assert len(times["programs"]) == 22


def test_wrong_results_are_found(unpacked):
    manifest = unpacked / "manifest.json"
    kept = manifest.read_text()
    swapped = json.loads(kept)
    swapped["cuda-sim"]["vector_add"] = swapped["cuda-sim"]["launch_one"]
    swapped["cuda-sim"]["stencil_2d"] = swapped["cuda-sim"]["transpose"]
    manifest.write_text(json.dumps(swapped))
    try:
        done = run(unpacked, "vector_add", "stencil_2d", "saxpy", "--simulate", "--seconds", "0", "--repeat", "1")
    finally:
        manifest.write_text(kept)
    assert done.returncode == 1 and done.stderr == "failed: vector_add, stencil_2d\n"
    assert "_one() takes 1 argument, of which 3 were given" in done.stdout
    assert "wrong: out is off by " in done.stdout


def test_without_a_gpu_that_is_said(unpacked):
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, unpacked / "run.py"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode == 0:
        pytest.skip("there is a GPU")
    assert len(done.stderr.splitlines()) == 1 and "`--simulate` runs the programs without a GPU" in done.stderr


def test_the_check_finds_what_is_wrong():
    specification = importlib.util.spec_from_file_location("cases", ROOT / "benchmarks/gpu/cases.py")
    cases = sys.modules["cases"] = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(cases)
    by_name = {case.name: case for case in cases.CASES}
    right = np.arange(1000.0)
    off = right + np.where(np.arange(1000) == 5, 0.01, 0)
    assert cases.difference(by_name["vector_add"], right, right) is None
    assert cases.difference(by_name["vector_add"], off, right).startswith("off by ")
    assert cases.difference(by_name["histogram"], off, right).startswith("off by ")
    assert cases.difference(by_name["vector_add"], right[1:], right).startswith("shape ")
    nan = np.where(np.arange(1000) == 5, np.nan, right)
    assert cases.difference(by_name["vector_add"], nan, right) is not None
