"""Who takes part: CPython with NumPy, Numba, C by gcc, and numir; each can be called, or timed by itself."""

import ctypes
import json
import pathlib
import subprocess
import sys
import time
import types

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
NUMIR = ROOT / "target" / "release" / "numir"
KERNELS = HERE / "kernels"
C_FLAGS = ["-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", "-lm"]


def measured(call, seconds):
    """The times of calls until some seconds have passed, at least three."""
    times, started = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - started < seconds:
        before = time.perf_counter()
        call()
        times.append(time.perf_counter() - before)
    return times


def program(name, names):
    """The function `run` of a kernel, where `from numir import …` finds these names."""
    module = types.ModuleType("numir")
    vars(module).update(names)
    saved = sys.modules.get("numir")
    sys.modules["numir"] = module
    try:
        scope = {"__name__": f"kernel_{name}"}
        source = KERNELS / f"{name}.py"
        exec(compile(source.read_text(), str(source), "exec"), scope)
    finally:
        sys.modules.pop("numir")
        if saved is not None:
            sys.modules["numir"] = saved
    return scope["run"]


def python(name):
    """The kernel under CPython."""
    return program(name, {"njit": lambda f=None, **_: f or (lambda g: g), "prange": range})


def numba(name, boundscheck):
    """The kernel by Numba."""
    import numba

    def njit(function=None, **options):
        options |= {"boundscheck": boundscheck}
        return numba.njit(function, **options) if function else lambda f: numba.njit(f, **options)

    return program(name, {"njit": njit, "prange": numba.prange})


def numba_first_call(name, boundscheck, folder):
    """How long the first call takes in a process that has imported Numba and not used it."""
    script = (
        f"import sys, time; sys.path.insert(0, {str(HERE)!r})\n"
        "import numba, numpy as np, contestants\n"
        f"arguments = contestants.read_arguments({str(folder)!r})\n"
        f"run = contestants.numba({name!r}, {boundscheck})\n"
        "before = time.perf_counter(); run(*arguments); print(time.perf_counter() - before)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True)
    return float(done.stdout)


def c(name, kernel, folder, checked):
    """The kernel in C, as a function of Python arguments."""
    library = folder / f"{name}{'_checked' if checked else ''}.so"
    flags = [*C_FLAGS, "-DCHECKED"] if checked else C_FLAGS
    subprocess.run(["gcc", str(KERNELS / f"{name}.c"), "-o", str(library), *flags], check=True)
    function = ctypes.CDLL(str(library)).run

    def run(*arguments):
        result = {"float": ctypes.c_double(), "int": ctypes.c_int64(), None: None}[kernel.returns]
        passed = []
        for place, argument in enumerate(arguments):
            if isinstance(argument, np.ndarray):
                passed.append(argument.ctypes.data_as(ctypes.c_void_p))
                if place not in kernel.bare:
                    passed += [ctypes.c_int64(extent) for extent in argument.shape]
            else:
                passed.append(ctypes.c_double(argument) if isinstance(argument, float) else ctypes.c_int64(argument))
        if result is not None:
            passed.append(ctypes.byref(result))
        if function(*passed):
            raise IndexError("an index is out of bounds")
        return None if result is None else result.value

    return run


def write_arguments(arguments, folder):
    """Arguments as `numir run` takes them: literals, and arrays in files."""
    folder.mkdir()
    texts = []
    for place, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            np.save(folder / f"{place}.npy", argument)
            texts.append(str(folder / f"{place}.npy"))
        else:
            texts.append(repr(argument))
    (folder / "arguments.json").write_text(json.dumps(texts))
    return texts


def read_arguments(folder):
    """The same arguments again."""
    texts = json.loads((pathlib.Path(folder) / "arguments.json").read_text())
    return [np.load(text) if text.endswith(".npy") else eval(text) for text in texts]


def numir(name, texts, seconds, boundscheck="on", threads=None):
    """What `numir time` says."""
    command = [str(NUMIR), "time", str(KERNELS / f"{name}.py"), "run", *texts]
    command += ["--seconds", str(seconds), "--boundscheck", boundscheck]
    command += ["--threads", str(threads)] if threads else []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def numir_result(name, texts, kernel, folder):
    """What numir returns for the kernel; None for one that writes into its arguments, which the tests compare."""
    if kernel.returns is None:
        return None
    command = [str(NUMIR), "run", str(KERNELS / f"{name}.py"), "run", *texts, "-o", str(folder / "result.npy")]
    subprocess.run(command, check=True, capture_output=True)
    return np.load(folder / "result.npy").item()
