"""numir and Numba, each with an LLVM of its own, in one process: both compile, run and raise, whichever is imported first. Also torch."""

import importlib.util
import os
import subprocess
import sys

import pytest

PROGRAM = """\
import numpy as np

{imports}


def total(a):
    s = 0.0
    for i in range(a.shape[0]):
        s += a[i]
    return s


def pick(a, i):
    if i < 0:
        raise ValueError("negative")
    return 10 // i + a[i]


def rows(a):
    out = np.empty(a.shape[0])
    for i in prange(a.shape[0]):
        out[i] = a[i] * 2
    return out


def raised(f, *arguments):
    try:
        f(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)


a = np.arange(10_000.0)
ints = np.arange(5)
# They take turns, so that each compiles while the other has code of its own loaded.
for name in "total pick rows".split():
    for package in packages:
        prange = package.prange
        source = globals()[name]
        if name == "rows":
            f = package.njit(parallel=True)(source)
            assert np.array_equal(f(a), a * 2), package
        elif name == "total":
            f = package.njit(source)
            assert f(a) == a.sum(), package
        else:
            f = package.njit(source)
            for _ in range(100):
                assert raised(f, ints, -1) == ("ValueError", "negative"), package
                # What they say of a division differs.
                assert raised(f, ints, 0)[0] == "ZeroDivisionError", package
            assert f(ints, 2) == 7, package


def undefined(x):
    return x + missing


for package in packages * 2:
    said = raised(package.njit(undefined), 1)
    assert said is not None and "missing" in said[1], (package, said)
print("fine")
"""


@pytest.mark.parametrize("order", ["numir numba", "numba numir"])
def test_numba_in_the_same_process(tmp_path, order):
    names = order.split()
    imports = "\n".join([*(f"import {name}" for name in names), f"packages = [{', '.join(names)}]"])
    file = tmp_path / "beside.py"
    file.write_text(PROGRAM.format(imports=imports))
    # Numba's own choice among its thread pools warns of what is installed here.
    environment = os.environ | {"NUMBA_THREADING_LAYER": "workqueue"}
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, env=environment, timeout=300)
    assert (done.stdout, done.returncode) == ("fine\n", 0), done.stderr


WITH_TORCH = """\
{imports}

import numpy as np


@numir.njit(parallel=True)
def total(a):
    result = 0.0
    for i in numir.prange(a.size):
        result += a[i]
    return result


@numir.njit
def overwritten(a):
    a[0] = 7
    return a[1:]


tensor = torch.arange(1000, dtype=torch.float64)
assert total(tensor) == total(np.arange(1000.0)) == 499500
rest = overwritten(tensor)
assert tensor[0] == 7 and np.shares_memory(rest, tensor.numpy())
assert (torch.ones(50, 50) @ torch.ones(50, 50)).sum() == 125000
assert total(np.ones(100_000)) == 100_000
print("fine")
"""


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("order", ["numir torch", "torch numir"])
def test_torch_in_the_same_process(tmp_path, order):
    file = tmp_path / "beside.py"
    file.write_text(WITH_TORCH.format(imports="\n".join(f"import {name}" for name in order.split())))
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, timeout=300)
    assert (done.stdout, done.returncode) == ("fine\n", 0), done.stderr
