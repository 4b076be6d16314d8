"""Settings from the environment: one table of the variables NUMIR_*, read when numir is imported and writable as attributes afterwards,
as in `numir.config.DISABLE_JIT = True`.
"""

import os


def _flag(text):
    return text.strip().lower() not in ("", "0", "false", "no", "off")


def _optional_flag(text):
    return None if not text.strip() else _flag(text)


def _text(text):
    return text or None


# Name, how its text is read, default, what it does. docs/environment.md is checked against this table.
VARIABLES = (
    (
        "DISABLE_JIT",
        _flag,
        False,
        "1: `njit` and `jit` leave functions as they are, for debugging with Python's own tools.",
    ),
    (
        "BOUNDSCHECK",
        _optional_flag,
        None,
        "0 or 1: turns index checks off or on everywhere, whatever the decorators say.",
    ),
    ("LIBRARY", _text, None, "The compiler's library, where it is not the one beside the package."),
    ("NUM_THREADS", _text, None, "How many threads parallel loops use; default: one per processor of the process."),
)

_names = {}


def _load():
    for name, read, default, _ in VARIABLES:
        text = os.environ.get(f"NUMIR_{name}")
        globals()[name] = default if text is None else read(text)


_load()
