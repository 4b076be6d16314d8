"""The kind of programs that Numba's guide teaches with: what the first call costs, beside Numba in the same run.

python benchmarks/guide.py [PROGRAM...]

A program of guide_programs/ is run as it is written, once with `numba` and once with `numir` in its imports, each time in a process of its
own. What is timed is all but the imports of NumPy and of the package: the decorators, the first call, and the run. A program that numir
does not compile is listed with what it says.
"""

import importlib
import importlib.util
import os
import pathlib
import pickle
import re
import subprocess
import sys
import tempfile
import time

import numpy as np

PROGRAMS = pathlib.Path(__file__).parent / "guide_programs"
REPEATS = 3


def names():
    """The names of the programs."""
    return sorted(path.stem for path in PROGRAMS.glob("*.py"))


def load(name, package, folder):
    """The module of a program with this package in its imports."""
    text = re.sub(r"^from numba import", f"from {package} import", (PROGRAMS / f"{name}.py").read_text(), flags=re.M)
    path = pathlib.Path(folder) / f"{name}_with_{package}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def agree(left, right):
    """Whether two results are the same but for the rounding of floats."""
    if isinstance(left, (tuple, list)):
        return len(left) == len(right) and all(map(agree, left, right))
    if isinstance(left, str):
        return left == right
    left, right = np.asarray(left), np.asarray(right)
    return left.dtype == right.dtype and left.shape == right.shape and np.allclose(left, right, rtol=1e-12, atol=1e-12)


def run(name, package, path):
    """Run a program and keep its time in milliseconds and its result, or the error, in a file."""
    importlib.import_module(package)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        try:
            result = load(name, package, folder).program()
            told = ((time.perf_counter() - began) * 1e3, result, None)
        except Exception as error:
            told = (None, None, f"{type(error).__name__}: {error}")
    pathlib.Path(path).write_bytes(pickle.dumps(told))


def measured(name, package, folder):
    """The least time of some processes, the result, and the error of a program."""
    path = f"{folder}/result"
    best = None
    for _ in range(REPEATS):
        subprocess.run([sys.executable, __file__, "--run", name, package, path], check=True, env=os.environ)
        told = pickle.loads(pathlib.Path(path).read_bytes())
        if told[2] is not None:
            return told
        if best is None or told[0] < best[0]:
            best = told
    return best


def main(chosen):
    """Print a line for each program."""
    unknown = set(chosen) - set(names())
    if unknown:
        sys.exit(f"no such program: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    print(f"{'first call':36} {'Numba':>9} {'numir':>9} {'ratio':>7}")
    missing = []
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen or names():
            theirs, expected, wrong = measured(name, "numba", folder)
            ours, actual, error = measured(name, "numir", folder)
            if error is not None:
                missing.append((name, error))
                continue
            if wrong is not None:
                print(f"{name:36} {'-':>9} {ours:6.0f} ms         Numba: {wrong.splitlines()[0]}")
                continue
            remark = "" if agree(expected, actual) else "  results differ"
            print(f"{name:36} {theirs:6.0f} ms {ours:6.0f} ms {theirs / ours:6.0f}×{remark}", flush=True)
    for name, error in missing:
        print(f"{name:36} not compiled by numir: {error.splitlines()[0]}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:])
    else:
        main(sys.argv[1:])
