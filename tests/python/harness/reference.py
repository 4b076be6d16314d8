"""One case under CPython and NumPy, on arguments made afresh."""

import contextlib
import importlib.util
import io
import os
import sys
import traceback
import warnings

import numpy as np
from numir import config

from harness.outcome import Failed, Outcome
from harness.values import decode_arguments

_modules = {}


def load(file):
    """The module of a program; files next to it can be imported by it."""
    if file not in _modules:
        folder = os.path.dirname(file)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        name = "case_" + os.path.splitext(os.path.basename(file))[0]
        spec = importlib.util.spec_from_file_location(name, file)
        module = importlib.util.module_from_spec(spec)
        # The reference is plain Python: the decorators leave functions as they are.
        compiling, config.DISABLE_JIT = config.DISABLE_JIT, True
        try:
            spec.loader.exec_module(module)
        finally:
            config.DISABLE_JIT = compiling
        _modules[file] = module
    return _modules[file]


def run(case):
    """What CPython makes of the case."""
    function = getattr(load(case.file), case.function)
    arguments = decode_arguments(case.arguments)
    outcome = Outcome()
    printed = io.StringIO()
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(printed):
        warnings.simplefilter("ignore")
        try:
            outcome.value = function(*arguments)
        except (Exception, RecursionError) as error:
            outcome.error = Failed(builtin(error), str(error), line_in(error, os.path.dirname(case.file)))
    outcome.arguments = [argument if isinstance(argument, np.ndarray) else None for argument in arguments]
    outcome.stdout = printed.getvalue()
    return outcome


def builtin(error):
    """The name of the exception, or of Python's own that NumPy's is derived from."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")


def line_in(error, folder):
    """The line of the innermost frame in a file of the folder."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if os.path.dirname(f.filename) == folder]
    return frames[-1].lineno if frames else None
