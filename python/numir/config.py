"""What the environment says: one table of the variables, each an attribute of this module without its `NUMIR_`.

Python's part reads them here, once; those that the compiler and the runtime read by themselves are in the table so that all are in one
place, from which docs/environment.md is made (`table`).
"""

import os


def _flag(text):
    if text.lower() in ("0", "false", "no", "off"):
        return False
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    raise ValueError("0 or 1 is expected")


def _positive(text):
    number = int(text)
    if number < 1:
        raise ValueError("a number from 1 on is expected")
    return number


# Name without NUMIR_, how its text is read, what it is when it is not set, how that is described, and what it does.
VARIABLES = (
    (
        "BISECT",
        int,
        None,
        "all",
        "Run only so many of the optional passes: which of them spoils a program is found by halving.",
    ),
    (
        "BOUNDSCHECK",
        _flag,
        None,
        "as the option `boundscheck` says",
        "Check indices in all functions (1), or in none (0).",
    ),
    (
        "CACHE_DIR",
        str,
        None,
        "`__pycache__` beside the source, or a folder of the user's",
        "The folder for compiled functions with the option `cache`.",
    ),
    ("CUDA_DEVICE", int, 0, "0", "The number of the GPU that kernels run on."),
    ("DISABLE_JIT", _flag, False, "0", "`jit` and `njit` give the Python function itself; nothing is compiled."),
    (
        "ENABLE_CUDASIM",
        _flag,
        False,
        "0",
        "`numir.cuda` runs kernels on the simulator instead of a GPU.",
    ),
    (
        "LIBDEVICE",
        str,
        None,
        "of the package `nvidia-nvvm`, or of a CUDA toolkit",
        "The file of NVIDIA's libdevice, which kernels have C's mathematics from.",
    ),
    ("LIBRARY", str, None, "beside the package", "The shared library with the compiler."),
    ("MEMORY_LIMIT", _positive, 4096, "4096", "MiB of memory for the process that compiles a foreign `.mlir` file."),
    (
        "NUM_THREADS",
        _positive,
        None,
        "the processors that the process may use",
        "Threads that work on a parallel loop, up to 1024.",
    ),
    (
        "PRINT",
        str,
        None,
        "nothing",
        "Print each compiled function at a stage: numeric, linalg, scf, llvm, llvm-ir or asm.",
    ),
    ("PTXAS", str, None, "on the path, or of a CUDA toolkit", "NVIDIA's assembler, which `--emit cubin` needs."),
    ("REPRODUCER", _flag, False, "0", "With the report of a fault in a pass, keep what the pass was given."),
    ("TIME_LIMIT", _positive, 60, "60", "Seconds for the process that compiles a foreign `.mlir` file."),
    ("TIMING", _flag, False, "0", "Measure each pass."),
    ("VERIFY", str, "end", "end", "`each` verifies the program after every pass, `end` after the last."),
)


def reload():
    """Read the environment again."""
    for name, read, default, _, _ in VARIABLES:
        text = os.environ.get(f"NUMIR_{name}")
        globals()[name] = default if not text else _read(name, read, text, default)


def _read(name, read, text, default):
    try:
        return read(text)
    except ValueError as error:
        import warnings

        from numir.errors import NumbaInvalidConfigWarning

        message = f"NUMIR_{name}={text!r} is not taken: {error}"
        warnings.warn(message, NumbaInvalidConfigWarning, stacklevel=4)
        return default


def __getattr__(name):
    # Numba's names for the number of threads that there can be.
    if name in ("NUMBA_NUM_THREADS", "NUMBA_DEFAULT_NUM_THREADS"):
        return min(globals()["NUM_THREADS"] or len(os.sched_getaffinity(0)), 1024)
    raise AttributeError(f"module 'numir.config' has no attribute {name!r}")


def table():
    """The page docs/environment.md."""
    lines = [
        "# Environment variables",
        "",
        "Made from the table in `python/numir/config.py`; `NUMIR_BLESS=1 pytest tests/python/test_config.py` writes it anew.",
        "",
        "| variable | without it | what it does |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `NUMIR_{name}` | {default} | {text} |" for name, _, _, default, text in VARIABLES]
    return "\n".join(lines) + "\n"


reload()
