"""Products of matrices beside NumPy's, which are OpenBLAS's, on one and on two threads.

python benchmarks/products.py [--seconds S] [--rounds N] [--json FILE]

Each contestant runs in a process of its own, in turns. The figures are the least time of a call, the median of the rounds: GFLOP/s of numir,
and NumPy's time by numir's. On two threads numir's function is compiled with `parallel=True`.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

SIZES = (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)
DTYPES = ("float64", "float32")
# OpenBLAS picks its kernel by itself: where these are set, they are meant for older ones.
FORCED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def product(a, b):
    """What is timed."""
    return a @ b


def least(function, a, b, seconds):
    """The least time of a call."""
    function(a, b)
    best, until = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < until:
        before = time.perf_counter()
        function(a, b)
        best = min(best, time.perf_counter() - before)
    return best


def run(package, dtype, threads, seconds):
    """Print the times of all sizes as JSON, with what OpenBLAS says of itself."""
    function = product
    if package == "numir":
        import numir

        function = numir.njit(parallel=threads > 1)(product)
    random = np.random.default_rng(1)
    times = []
    for size in SIZES:
        a, b = (random.random((size, size)).astype(dtype) for _ in range(2))
        times.append(least(function, a, b, seconds))
        assert np.allclose(function(a, b), a @ b, rtol=1e-3)
    print(json.dumps({"times": times, "kernel": kernel()}))


def kernel():
    """The kernel that OpenBLAS uses, if threadpoolctl is there to ask for it."""
    try:
        import threadpoolctl
    except ImportError:
        return "unknown; threadpoolctl tells"
    found = [one for one in threadpoolctl.threadpool_info() if one["internal_api"] == "openblas"]
    return ", ".join(f"{one['architecture']} of {one['version']}" for one in found)


def measured(package, dtype, threads, seconds):
    """What one process says."""
    environment = {name: value for name, value in os.environ.items() if name not in FORCED}
    environment |= {"OPENBLAS_NUM_THREADS": str(threads), "NUMIR_NUM_THREADS": str(threads)}
    command = [sys.executable, __file__, "--run", package, dtype, str(threads), str(seconds)]
    return json.loads(subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout)


def main():
    """Time all, print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.1, help="for each size in each round")
    parser.add_argument("--rounds", type=int, default=3, help="processes of each contestant, whose median counts")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there too")
    options = parser.parse_args()
    everything, columns, used = {}, [], ""
    for dtype in DTYPES:
        for threads in (1, 2):
            rounds = {"NumPy": [], "numir": []}
            for _ in range(options.rounds):
                for package, told in rounds.items():
                    one = measured(package, dtype, threads, options.seconds)
                    used = one["kernel"]
                    told.append(one["times"])
            times = {
                package: [statistics.median(each) for each in zip(*told, strict=True)]
                for package, told in rounds.items()
            }
            everything[f"{dtype}, {threads}"] = times
            columns.append((dtype, threads, times))
    print(f"products of square matrices; OpenBLAS's kernel: {used}")
    print(f"{'size':>6}" + "".join(f"{f'{dtype}, {threads}':>24}" for dtype, threads, _ in columns))
    print(f"{'':6}" + f"{'GFLOP/s':>15}{'/ NumPy':>9}" * len(columns))
    for place, size in enumerate(SIZES):
        line = f"{size:6}"
        for _, _, times in columns:
            ours, theirs = times["numir"][place], times["NumPy"][place]
            line += f"{2e-9 * size**3 / ours:15.1f}{theirs / ours:9.2f}"
        print(line)
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
    else:
        main()
