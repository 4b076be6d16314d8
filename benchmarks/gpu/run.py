"""Runs the GPU benchmark where a GPU is: `python3 gpu-bench/run.py`. It needs NumPy; numba-cuda, CuPy and PyTorch are measured where they are installed.

Everything is checked against NumPy before it is timed. Times are those of the device's own events around a number of calls whose arrays lie on the device, the
least and the median of many; each package has its own events, all in one run. What waits for memory is compared with copies within the device's memory, measured
in the same run. README.md says how to read the table.
"""

import argparse
import importlib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import cases  # noqa: E402

PEERS = ("numba_cuda", "cupy_arrays", "pytorch")

# Seconds after which a call of numir's programs is given up.
PATIENCE = 120


class Problem(Exception):
    """Why something has no time."""


def numir_rt(*arguments):
    """What numir-rt prints."""
    command = [HERE / "numir-rt", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise Problem(f"not done after {PATIENCE} s") from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"]
        raise Problem(lines[-1].removeprefix("error: "))
    return done.stdout


def summary(times):
    """The least and the median of some times."""
    return {"least": min(times), "median": statistics.median(times), "count": len(times)}


class Numir:
    """numir's programs, as files that `pack.py` has made."""

    title = "numir"

    def __init__(self, architecture, folder):
        self.files = json.loads((HERE / "manifest.json").read_text())[architecture]
        self.folder = folder

    def program(self, case):
        """The file of a program."""
        made = self.files[case.name]
        if "file" not in made:
            raise Problem(f"not built: {made['reason']}")
        return HERE / made["file"]

    def given(self, arguments):
        """Arguments on the command line, arrays in files."""
        words = []
        for name, value in arguments.items():
            if isinstance(value, np.ndarray):
                words.append(self.folder / f"{name}.npy")
                np.save(words[-1], value)
            else:
                words.append(value)
        return words

    def check(self, case, arguments, expected):
        program, given = self.program(case), self.given(arguments)
        saved = {name: self.folder / f"{name}.after.npy" for name in expected if name != "result"}
        options = [word for name, path in saved.items() for word in ("--save", f"{name}={path}")]
        printed = numir_rt("run", program, *given, *options)
        for name, wanted in expected.items():
            found = np.load(saved[name]) if name in saved else float(printed)
            if wrong := cases.difference(case, found, wanted):
                raise Problem(f"wrong: {name} is {wrong}")

    def time(self, case, arguments, amount):
        batch = 1 if amount.tiny else case.batch
        words = ("--resident", "--batch", batch, "--seconds", amount.seconds, "--repeat", amount.repeat)
        told = json.loads(numir_rt("time", self.program(case), *self.given(arguments), *words))
        return {"event": summary(told["event_seconds"]), "call": summary(told["call_seconds"])}


class Peer:
    """Another package's programs, in this process."""

    def __init__(self, name):
        self.module = importlib.import_module(f"peers.{name}")
        self.title = name

    def program(self, case):
        if case.name not in self.module.PROGRAMS:
            raise Problem("no program")
        return self.module.PROGRAMS[case.name]

    def placed(self, case, arguments):
        try:
            return {name: self.module.put(value, case) for name, value in arguments.items()}
        except NotImplementedError as error:
            raise Problem(str(error)) from None

    def check(self, case, arguments, expected):
        program, given = self.program(case), self.placed(case, arguments)
        returned = program(*given.values())
        if returned is None:
            found = {name: given[name] for name in expected}
        else:
            found = dict(zip(expected, returned if isinstance(returned, tuple) else (returned,), strict=True))
        for name, wanted in expected.items():
            if wrong := cases.difference(case, self.module.get(found[name]), wanted):
                raise Problem(f"wrong: {name} is {wrong}")

    def time(self, case, arguments, amount):
        program, given = self.program(case), tuple(self.placed(case, arguments).values())
        batch = 1 if amount.tiny else case.batch
        begun, watch = [], self.module.Watch()

        def work():
            start = time.perf_counter()
            for _ in range(batch):
                program(*given)
            begun.append((time.perf_counter() - start) / batch)

        watch.milliseconds(work)
        begun.clear()
        events, end = [], time.perf_counter() + amount.seconds
        while len(events) < amount.repeat or time.perf_counter() < end:
            events.append(watch.milliseconds(work) / 1e3 / batch)
        return {"event": summary(events), "call": summary(begun)}


def peers(wanted):
    """The packages that are installed; what is missing is said."""
    for name in wanted:
        try:
            peer = Peer(name)
        except Exception as error:  # a package that is broken is not measured
            print(f"{name} is left out: {type(error).__name__}: {error}".splitlines()[0])
        else:
            print(f"{name} {peer.module.VERSION}")
            yield peer


def measured(contestant, case, check, timed, amount):
    """The times of a program, or why there are none."""
    arguments, expected = check
    try:
        contestant.check(case, arguments, expected)
        return contestant.time(case, timed, amount)
    except Problem as problem:
        return {"problem": str(problem)}
    except Exception as error:  # one package's failure is not that of the others
        return {"problem": f"{type(error).__name__}: {error}".splitlines()[0]}


def duration(seconds):
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def rate(case, arguments, seconds, bandwidth):
    """How much of the memory's speed that is, or how many operations a second."""
    if seconds and case.moved:
        speed = case.moved(arguments) / seconds
        return f"{speed / 1e9:.0f} GB/s, {100 * speed / bandwidth:.0f}%"
    if seconds and case.operations:
        return f"{case.operations(arguments) / seconds / 1e9:.0f} GFLOP/s"
    return ""


def row(case, arguments, times, bandwidth):
    """A line of the table: numir's median and least, its rate, and the other packages' medians by numir's."""
    own = times["numir"].get("event")
    if own is None:
        first = times["numir"]["problem"]
    else:
        share = rate(case, arguments, own["median"], bandwidth)
        first = f"{duration(own['median']):>8} {duration(own['least']):>8}  {share}"
    cells = [f"{case.name:18}{first:40}"]
    for title, told in times.items():
        if title != "numir" and "event" in told:
            ratio = f" ({told['event']['median'] / own['median']:.2f})" if own else ""
            cells.append(f"{title} {duration(told['event']['median'])}{ratio}")
        elif title != "numir" and told["problem"] != "no program":
            cells.append(f"{title}: {told['problem']}")
    return "  ".join(cells).rstrip()


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", nargs="*", help="some of them instead of all")
    parser.add_argument("--seconds", type=float, default=0.5, help="how long each program is timed")
    parser.add_argument("--repeat", type=int, default=10, help="how many times are taken at least")
    parser.add_argument("--json", type=pathlib.Path, help="where all times are written")
    parser.add_argument(
        "--simulate", action="store_true", help="tiny sizes on the simulator, without the other packages"
    )
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS, help="which other packages are measured")
    parser.add_argument("--tiny", action="store_true", help="tiny sizes: whether everything runs")
    return parser.parse_args()


def main():
    amount = parsed()
    unknown = set(amount.programs) - {case.name for case in cases.CASES}
    if unknown:
        sys.exit(f"there is no program {', '.join(sorted(unknown))}")
    amount.tiny = amount.tiny or amount.simulate
    where = ["--simulator"] if amount.simulate else []
    try:
        device = json.loads(numir_rt("device", *where))
    except Problem as problem:
        sys.exit(f"{problem}; `--simulate` runs the programs without a GPU")
    print(f"{device['name']}, compute capability {'.'.join(map(str, device['capability']))}")
    architecture = "cuda-sim" if amount.simulate else "sm_90" if device["capability"] >= [9, 0] else "sm_80"
    copied = ["--bytes", 1 << 16 if amount.tiny else 1 << 29, "--seconds", amount.seconds]
    copies = json.loads(numir_rt("copy", *where, *copied))
    copy = summary(copies["event_seconds"])
    # A copy reads as much as it writes.
    bandwidth = 2 * copies["bytes"] / max(copy["median"], 1e-9)
    print(f"copies within its memory: {bandwidth / 1e9:.0f} GB/s")
    results = {"device": device, "bandwidth": bandwidth, "programs": {}}
    with tempfile.TemporaryDirectory() as folder:
        contestants = [Numir(architecture, pathlib.Path(folder)), *peers(() if amount.simulate else amount.peers)]
        for case in cases.CASES:
            if amount.programs and case.name not in amount.programs:
                continue
            small = case.arguments(case.tiny if amount.tiny else case.checked)
            expected = case.expected(small)
            timed = small if amount.tiny else case.arguments(case.timed)
            # What one contestant writes in place is not another's argument.
            fresh = [{name: np.copy(value) if isinstance(value, np.ndarray) else value for name, value in small.items()}
                     for _ in contestants]  # fmt: skip
            times = {
                contestant.title: measured(contestant, case, (given, expected), timed, amount)
                for contestant, given in zip(contestants, fresh, strict=True)
            }
            results["programs"][case.name] = times
            print(row(case, timed, times, bandwidth), flush=True)
    if amount.json:
        amount.json.write_text(json.dumps(results, indent=1) + "\n")
    problems = {name: times["numir"].get("problem", "") for name, times in results["programs"].items()}
    failed = [
        name for name, problem in problems.items() if problem and not problem.startswith(("not built", "not done"))
    ]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
