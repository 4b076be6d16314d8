"""Array programs as people write them: NumPy, Numba and numir, serial and parallel, in one run.

python benchmarks/arrays.py [--json FILE] [PROGRAM...]

A file of array_programs/ has the `program` and its `arguments`. Each contestant runs in a process of its own, in turns, three rounds of them.
First: the import of the package (after NumPy's), the decorator, and the first call, without any cache on disk. Then: the least time of some
calls; of the rounds, the median. NumPy runs on as many threads as the contestant that is compared with it may take: one, but for `parallel`.
"""

import argparse
import importlib.util
import json
import math
import os
import pathlib
import pickle
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

PROGRAMS = pathlib.Path(__file__).parent / "array_programs"
CONTESTANTS = ("NumPy", "Numba", "Numba parallel", "numir", "numir parallel")


def names():
    """The names of the programs."""
    return sorted(path.stem for path in PROGRAMS.glob("*.py"))


def load(name):
    """The module of a program."""
    spec = importlib.util.spec_from_file_location(name, PROGRAMS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compiled(program, contestant):
    """The program as the contestant runs it."""
    package, _, parallel = contestant.partition(" ")
    if package == "NumPy":
        return program
    module = importlib.import_module(package.lower())
    return module.njit(parallel=bool(parallel))(program)


def run(name, contestant, seconds, path):
    """Run a program and keep its figures, or the error, in a file."""
    module = load(name)
    arguments = module.arguments(np.random.default_rng(1))
    began = time.perf_counter()
    try:
        program = compiled(module.program, contestant)
        result = program(*arguments)
        first = time.perf_counter() - began
        least, until = math.inf, time.perf_counter() + float(seconds)
        while time.perf_counter() < until:
            before = time.perf_counter()
            program(*arguments)
            least = min(least, time.perf_counter() - before)
        told = {"first": first, "call": min(least, first), "result": result}
    except Exception as error:
        told = {"error": f"{type(error).__name__}: {error}".strip().splitlines()[0]}
    pathlib.Path(path).write_bytes(pickle.dumps(told))


def measured(name, contestant, seconds, folder):
    """What one process says."""
    path = f"{folder}/told"
    threads = {} if contestant.endswith("parallel") else {"OPENBLAS_NUM_THREADS": "1"}
    quiet = {"PYTHONWARNINGS": "ignore"}
    command = [sys.executable, __file__, "--run", name, contestant, str(seconds), path]
    subprocess.run(command, check=True, env=os.environ | threads | quiet)
    return pickle.loads(pathlib.Path(path).read_bytes())


def agree(left, right):
    """Whether two results are the same but for the rounding of floats."""
    if isinstance(left, (tuple, list)):
        return len(left) == len(right) and all(map(agree, left, right))
    left, right = np.asarray(left), np.asarray(right)
    return left.shape == right.shape and np.allclose(left, right, rtol=1e-6, atol=1e-9)


def figures_of(name, options, folder):
    """The seconds of the first and of further calls of all contestants, and what went wrong."""
    rounds = {contestant: [] for contestant in CONTESTANTS}
    wrong = {}
    for _ in range(options.rounds):
        for contestant in CONTESTANTS:
            if contestant in wrong:
                continue
            told = measured(name, contestant, options.seconds, folder)
            if "error" in told:
                wrong[contestant] = told["error"]
                continue
            if contestant == "NumPy":
                expected = told["result"]
            elif not agree(expected, told["result"]):
                wrong[contestant] = "another result than NumPy's"
                continue
            rounds[contestant].append(told)
    calls = {c: statistics.median(one["call"] for one in told) for c, told in rounds.items() if told}
    first = {c: statistics.median(one["first"] for one in told) for c, told in rounds.items() if told}
    return {"call": calls, "first": first, "wrong": wrong}


def better(figures, package):
    """The lesser time of a package, serial or parallel."""
    times = [figures[c] for c in CONTESTANTS if c.partition(" ")[0] == package and c in figures]
    return min(times, default=None)


def mean(ratios):
    """The geometric mean."""
    return math.exp(statistics.fmean(map(math.log, ratios))) if ratios else math.nan


def main():
    """Time the programs, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="PROGRAM", help="all by default")
    parser.add_argument("--seconds", type=float, default=0.3, help="for each contestant in each round")
    parser.add_argument("--rounds", type=int, default=3, help="processes of each contestant, whose median counts")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there too")
    options = parser.parse_args()
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"no such program: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    heads = "".join(f"{contestant:>16}" for contestant in CONTESTANTS)
    print(f"{'ms per call':24}{heads}{'/ Numba':>10}{'/ NumPy':>10}{'first':>10}")
    faster, than_numpy, sooner, everything, remarks = [], [], [], {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or names():
            figures = everything[name] = figures_of(name, options, folder)
            calls, first = figures["call"], figures["first"]
            cells = "".join(f"{1e3 * calls[c]:16.3f}" if c in calls else f"{'-':>16}" for c in CONTESTANTS)
            ours, theirs = better(calls, "numir"), better(calls, "Numba")
            ratios = ["", "", ""]
            if ours is not None:
                than_numpy.append(calls["NumPy"] / ours)
                ratios[1] = f"{than_numpy[-1]:.2f}"
                if theirs is not None:
                    faster.append(theirs / ours)
                    sooner.append(better(first, "Numba") / better(first, "numir"))
                    ratios[0], ratios[2] = f"{faster[-1]:.2f}", f"{sooner[-1]:.0f}×"
            print(f"{name:24}{cells}" + "".join(f"{ratio:>10}" for ratio in ratios), flush=True)
            remarks += [f"{name}, {contestant}: {said}" for contestant, said in figures["wrong"].items()]
    cells = "".join(
        f"{ratio:>10}" for ratio in (f"{mean(faster):.2f}", f"{mean(than_numpy):.2f}", f"{mean(sooner):.0f}×")
    )
    print(f"{'geometric mean':24}{'':{16 * len(CONTESTANTS)}}{cells}")
    print("\n".join(remarks))
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:])
    else:
        main()
