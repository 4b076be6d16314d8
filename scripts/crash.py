"""Throws generated programs, damaged programs and damaged modules at `numir`: every one has to end in a result or in one
readable error, in time. What programs return is compared with CPython's answer, where the Python that runs this has NumPy.

    .venv/bin/python scripts/crash.py --programs 2000 --modules 2000 --seed 7 --jobs 2 --keep found

Two thirds of the programs are generated and run; the rest are those of tests/programs with damages, compiled only.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/crash"))

import mutations  # noqa: E402
import programs  # noqa: E402

NUMIR = os.environ.get("NUMIR", str(ROOT / "target/release/numir"))
SECONDS = 60
MEBIBYTES = 6144
STAGES = ["numeric", "linalg", "scf", "llvm"]
EMITTED = ["llvm", "llvm", "llvm-ir", "asm", "obj"]
# Errors that numir finds before a call: not CPython's, and no answer to compare.
REFUSALS = {"SyntaxError", "NameError", "TypingError", "UnsupportedError", "ArgumentError", "error"}
NUMBER = re.compile(r"-?\b(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)\b")
KIND = re.compile(r"^([A-Za-z]+Error|error)\b[: ]?\s*(.*)$")

# A case that failed: what it died of, what it said, the file, the command.
Failure = collections.namedtuple("Failure", "kind said file command")


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEBIBYTES << 20, MEBIBYTES << 20))


def execute(command: list[str], folder: Path):
    """Exit code (None where time ran out), standard output, standard error."""
    environment = {**os.environ, "NO_COLOR": "1", "TMPDIR": str(folder), "NUMIR_TIME_LIMIT": str(SECONDS // 2)}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=SECONDS,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=limits,
        )
    except subprocess.TimeoutExpired as late:
        return None, b"", late.stderr or b""
    return done.returncode, done.stdout, done.stderr


def verdict(code, errors: bytes, output: Path | None) -> str | None:
    """What is wrong with how a command ended; None for a result or one readable error."""
    text = errors.decode(errors="replace")
    if code is None:
        return "out of time"
    if "panicked" in text or code == 101:
        return "panic"
    if code < 0 or code >= 128:
        return f"died with {code}"
    if code not in (0, 1, 2):
        return f"exit code {code}"
    if code and not text.strip():
        return "silent error"
    if code and output and output.exists():
        return "output file of a failed run"
    if "bug in numir" in text or "internal error" in text:
        return "internal error"
    if code and "could not cope" in text:
        return "child died"
    return None


def said(errors: bytes) -> str:
    """The line that says what is wrong."""
    lines = [line.strip() for line in errors.decode(errors="replace").splitlines() if line.strip()]
    chosen = [line for line in lines if KIND.match(line)] or lines[:1]
    return chosen[-1][:200] if chosen else ""


def same(ours: str, theirs: str) -> bool:
    """Whether two printed results agree: text exactly, floats as libms and orders of summation allow."""
    if NUMBER.sub("#", ours) != NUMBER.sub("#", theirs):
        return False
    return all(close(a, b) for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs)))


def close(a: str, b: str) -> bool:
    if a == b:
        return True
    if not {".", "e"} & set(a) or not {".", "e"} & set(b) or "n" in a + b:
        return False
    return abs(float(a) - float(b)) <= 1e-6 * max(abs(float(a)), abs(float(b)), 1e-6)


class Reference:
    """CPython in a process of its own, for one program at a time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.lock = threading.Lock()
        self.process = self.start()

    def start(self):
        try:
            import numpy  # noqa: F401
        except ImportError:
            return None
        command = [sys.executable, str(ROOT / "tests/crash/reference.py"), str(self.folder)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, file: Path, n: int, x: float) -> dict:
        with self.lock:
            if self.process is None:
                return {}
            self.process.stdin.write(json.dumps([str(file), n, x]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            if not line:
                self.process = self.start()
                return {}
            return json.loads(line)

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def save(path: Path, code: str, shape: tuple, items: list):
    """A .npy file, without NumPy."""
    head = str({"descr": code, "fortran_order": False, "shape": shape}).ljust(117) + "\n"
    data = struct.pack(f"<{len(items)}{'q' if 'i' in code else 'd'}", *items)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + data)


class Run:
    """All cases of one seed, in a folder."""

    def __init__(self, seed: int, folder: Path):
        self.seed, self.folder = seed, folder
        self.counts = collections.Counter()
        self.refused = collections.Counter()
        self.failures: list[Failure] = []
        self.originals = self.find_originals()
        self.modules: list[tuple[str, str]] = []
        save(folder / "v.npy", "<f8", (8,), [0.5, -2.0, 3.25, 0.0, 1e3, -0.125, 7.0, 2.0])
        save(folder / "w.npy", "<i8", (8,), [3, -1, 0, 12, 7, -8, 100, 5])
        save(folder / "m.npy", "<f8", (4, 5), [float(3 * k % 11) - 2.5 for k in range(20)])
        self.reference = Reference(folder)

    def find_originals(self) -> list[tuple[str, list[str]]]:
        files = sorted([*(ROOT / "tests/programs").glob("*.py"), *(ROOT / "examples").glob("*.py")])
        texts = [file.read_text() for file in files]
        return [(text, re.findall(r"^def (\w+)", text, re.MULTILINE)) for text in texts]

    def judge(self, case: str, code, errors: bytes, file: Path, command: list[str], output: Path | None = None) -> bool:
        kind = verdict(code, errors, output)
        self.counts[f"{case}: {'result' if code == 0 else 'error'}"] += 1
        if kind:
            shown = " ".join(["numir", *command[1:]])
            self.failures.append(Failure(f"{case}: {kind}", said(errors), file, shown))
        if kind or (output and not output.exists()):
            return kind is None
        if output:
            output.unlink()
        return True

    def generated(self, number: int):
        file = self.folder / f"p{number}.py"
        source = random.Random(f"{self.seed}/{number}")
        file.write_text(programs.program(source.randrange(1 << 62)))
        n, x = source.randint(0, 30), source.choice([0.0, 1.5, -2.25, 1e3])
        command = [NUMIR, "run", file.name, "main", f"n={n}", f"x={x}", "v=v.npy", "w=w.npy", "m=m.npy"]
        code, out, errors = execute(command, self.folder)
        if self.judge("program", code, errors, file, command):
            self.compare(file, command, code, out, errors, self.reference.ask(file, n, x))
        self.tidy(file)

    def compare(self, file, command, code, out: bytes, errors: bytes, truth: dict):
        line = said(errors)
        kind = KIND.match(line)
        name = kind.group(1) if kind and code else ""
        frames = b"Traceback" in errors
        if code and not frames and (name in REFUSALS or not name):
            self.refused[re.sub(r"`[^`]*`|\d+", "#", line)] += 1
            return
        if not truth:
            return
        self.counts["program: compared"] += 1
        if "error" in truth:
            agrees = name == truth["error"] and same(out.decode(), truth["out"])
            wanted = f"{truth['error']}: {truth['message']}"
        else:
            agrees, wanted = code == 0 and same(out.decode(), truth["out"]), truth["out"].strip()
        if not agrees:
            got = line if code else out.decode().strip()
            said_both = f"{got[-160:]}  CPython: {wanted[-160:]}"
            self.failures.append(Failure("program: other answer", said_both, file, " ".join(["numir", *command[1:]])))

    def damaged_program(self, number: int):
        source = random.Random(f"{self.seed}/d{number}")
        if source.random() < 0.4:
            text, functions = programs.program(source.randrange(1 << 62)), ["main"]
        else:
            text, functions = source.choice(self.originals)
        file = self.folder / f"d{number}.py"
        file.write_bytes(mutations.mutated(text, source))
        output = self.folder / f"d{number}.out"
        function = source.choice(functions)
        command = [NUMIR, "compile", f"{file.name}:{function}", "--emit", source.choice(EMITTED), "-o", output.name]
        code, _, errors = execute(command, self.folder)
        if b"has no annotation" in errors:
            command += [
                "--types",
                ", ".join(source.choices(["i64", "f64[:]", "f64[:,::1]", "int", "u8[:]", "c16"], k=9)),
            ]
            count = re.search(rf"def {function}\((.*?)\)".encode(), file.read_bytes(), re.DOTALL)
            wanted = count.group(1).count(b":") if count else 1
            wanted = max(wanted, len(re.findall(rb"(?:^|, )\w", count.group(1)))) if count else 1
            command[-1] = ", ".join(command[-1].split(", ")[:wanted])
            code, _, errors = execute(command, self.folder)
        self.judge("damaged program", code, errors, file, command, output)
        self.tidy(file)

    def collect_modules(self):
        """Every stage of the programs that compile by their annotations."""
        target = self.folder / "stages"
        for text, functions in self.originals:
            source = self.folder / "original.py"
            source.write_text(text)
            for function in functions:
                shutil.rmtree(target, ignore_errors=True)
                command = [
                    NUMIR,
                    "compile",
                    f"original.py:{function}",
                    "--print-stages",
                    "stages",
                    "-o",
                    "original.out",
                ]
                code, _, _ = execute(command, self.folder)
                if code == 0:
                    self.modules += [(stage, (target / f"{stage}.mlir").read_text()) for stage in STAGES]
        # The smaller ones carry as many kinds of operations, in less time.
        self.modules = [module for module in self.modules if len(module[1]) < 60_000]

    def damaged_module(self, number: int):
        source = random.Random(f"{self.seed}/m{number}")
        stage, text = source.choice(self.modules)
        file = self.folder / f"m{number}.mlir"
        file.write_bytes(mutations.mutated(text, source))
        output = self.folder / f"m{number}.out"
        command = [NUMIR, "compile", file.name, "--from", stage, "--emit", source.choice(EMITTED), "-o", output.name]
        code, _, errors = execute(command, self.folder)
        self.judge("module", code, errors, file, command, output)
        self.tidy(file)

    def tidy(self, file: Path):
        if not any(failure.file == file for failure in self.failures):
            file.unlink()

    def all(self, program_count: int, module_count: int, jobs: int):
        if module_count:
            self.collect_modules()
        generated = (program_count * 2 + 2) // 3
        cases = [(self.generated, number) for number in range(generated)]
        cases += [(self.damaged_program, number) for number in range(program_count - generated)]
        cases += [(self.damaged_module, number) for number in range(module_count)]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for done in [pool.submit(work, number) for work, number in cases]:
                done.result()
        self.reference.close()


# A foreign module may end the process that compiles it, if the command says so in one readable error; those are listed only.
ALLOWED = {"module: child died"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--modules", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="a folder for the cases that failed")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="numir-crash-") as folder:
        run = Run(arguments.seed, Path(folder))
        run.all(arguments.programs, arguments.modules, arguments.jobs)
        report(run, arguments.keep)
    return 1 if any(failure.kind not in ALLOWED for failure in run.failures) else 0


def report(run: Run, keep: Path | None):
    for name, count in sorted(run.counts.items()):
        print(f"{count:6} {name}")
    for message, count in run.refused.most_common(12):
        print(f"{count:6} refused: {message}")
    kinds = collections.Counter(failure.kind for failure in run.failures)
    for kind, count in sorted(kinds.items()):
        print(f"{count:6} {kind}{' (allowed)' if kind in ALLOWED else ''}")
    for failure in sorted(run.failures):
        print(f"\n{failure.kind}: {failure.said}\n    {failure.command}")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(failure.file, keep)
            for name in "vwm":
                shutil.copy(run.folder / f"{name}.npy", keep)


if __name__ == "__main__":
    sys.exit(main())
