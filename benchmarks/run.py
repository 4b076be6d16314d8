"""Compare numir with CPython and NumPy, Numba, and C, in one run; see README.md."""

import argparse
import copy
import json
import os
import pathlib
import platform
import statistics
import sys
import tempfile
import time

import numpy as np

import contestants
from data import kernels

ROUNDS = 3
CONTESTANTS = ("CPython", "Numba", "Numba checked", "C", "C checked", "numir", "numir unchecked")


def main():
    """Time the kernels, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="KERNEL", help="all by default")
    parser.add_argument("--seconds", type=float, default=0.4, help="for each contestant in each of three rounds")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there too")
    options = parser.parse_args()
    table = kernels()
    unknown = set(options.names) - set(table)
    if unknown:
        parser.error(f"no such kernel: {', '.join(sorted(unknown))}; there are {', '.join(table)}")
    if not contestants.NUMIR.exists():
        parser.error(f"{contestants.NUMIR} is missing: run `make build`")
    describe_machine()
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or table:
            figures[name] = time_kernel(name, table[name], pathlib.Path(folder), options.seconds)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print_tables(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def describe_machine():
    """Where the figures come from."""
    import numba

    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"{cpu}, {os.cpu_count()} processors; Python {platform.python_version()}, NumPy {np.__version__}, ", end="")
    print(f"Numba {numba.__version__}\n")


def time_kernel(name, kernel, folder, seconds):
    """All figures of one kernel, in seconds."""
    texts = contestants.write_arguments(kernel.arguments, folder / name)
    calls = {
        "Numba": contestants.numba(name, False),
        "Numba checked": contestants.numba(name, True),
        "C": contestants.c(name, kernel, folder, False),
        "C checked": contestants.c(name, kernel, folder, True),
    }
    check(name, kernel, calls, contestants.numir_result(name, texts, kernel, folder))
    times = {contestant: [] for contestant in CONTESTANTS}
    times["numir, 1 thread"] = []
    compiled = []
    reference = contestants.python(name)
    for _ in range(ROUNDS):
        with np.errstate(all="ignore"):
            small = contestants.measured(lambda: reference(*kernel.small), seconds / 4)
        times["CPython"].append(min(small) * kernel.factor)
        for contestant, run in calls.items():
            times[contestant].append(min(contestants.measured(lambda run=run: run(*kernel.arguments), seconds)))
        for contestant, extra in (("numir", {}), ("numir unchecked", {"boundscheck": "off"})):
            said = contestants.numir(name, texts, seconds, **extra)
            times[contestant].append(min(said["call_seconds"]))
            compiled.append(said["compile_seconds"] + said["first_call_seconds"])
        if kernel.parallel:
            times["numir, 1 thread"].append(min(contestants.numir(name, texts, seconds, threads=1)["call_seconds"]))
    figures = {contestant: statistics.median(rounds) for contestant, rounds in times.items() if rounds}
    figures["first call, numir"] = statistics.median(compiled)
    figures["first call, Numba"] = contestants.numba_first_call(name, False, folder / name)
    figures["scaled"] = kernel.factor != 1.0
    return figures


def check(name, kernel, calls, numir_result):
    """All compute the same, or nothing is worth timing."""
    wanted, wanted_arrays = None, None
    for contestant, run in calls.items():
        arguments = copy.deepcopy(kernel.arguments)
        result = run(*arguments)
        arrays = [argument for argument in arguments if isinstance(argument, np.ndarray)]
        if wanted_arrays is None:
            wanted, wanted_arrays = result, arrays
        close = result == wanted or abs(result - wanted) <= kernel.tolerance * abs(wanted)
        for mine, theirs in zip(arrays, wanted_arrays):
            close = close and np.allclose(mine, theirs, rtol=kernel.tolerance, atol=kernel.tolerance)
        if not close:
            sys.exit(f"{name}: {contestant} computes something else")
    if numir_result is not None and abs(numir_result - wanted) > kernel.tolerance * abs(wanted):
        sys.exit(f"{name}: numir computes {numir_result} instead of {wanted}")


def print_tables(figures):
    """Times, then ratios."""
    row(["ms per call", *CONTESTANTS])
    for name, kernel in figures.items():
        mark = "~" if kernel["scaled"] else ""
        cells = [f"{'' if c != 'CPython' else mark}{1e3 * kernel[c]:.3g}" for c in CONTESTANTS]
        row([name, *cells])
    print(
        "\nTimes of numir with its checks, as multiples of others' (below 1: numir is faster); cost of checks; first calls.\n"
    )
    columns = (
        "/ C checked",
        "/ C",
        "/ Numba checked",
        "/ Numba",
        "CPython / numir",
        "checks",
        "2 threads",
        "first",
        "Numba",
    )
    row(["ratios", *columns])
    for name, kernel in figures.items():
        mine = kernel["numir"]
        cells = [f"{mine / kernel[other]:.2f}" for other in ("C checked", "C", "Numba checked", "Numba")]
        cells.append(f"{kernel['CPython'] / mine:.0f}")
        cells.append(f"{mine / kernel['numir unchecked']:.2f}")
        cells.append(f"{kernel['numir, 1 thread'] / mine:.2f}" if "numir, 1 thread" in kernel else "")
        cells += [f"{1e3 * kernel['first call, numir']:.0f} ms", f"{1e3 * kernel['first call, Numba']:.0f} ms"]
        row([name, *cells])
    command_line()


def row(cells):
    """A line of a table."""
    print(f"{cells[0]:<15}" + "".join(f"{cell:>17}" for cell in cells[1:]))


def command_line():
    """The whole process of a small program."""
    import subprocess

    program = str(contestants.ROOT / "examples" / "primes.py")
    times = []
    for _ in range(9):
        before = time.perf_counter()
        subprocess.run(
            [str(contestants.NUMIR), "run", program, "count_primes", "1000"], check=True, capture_output=True
        )
        times.append(time.perf_counter() - before)
    print(f"\n`numir run` of examples/primes.py, whole process: {1e3 * statistics.median(times):.0f} ms")


if __name__ == "__main__":
    main()
