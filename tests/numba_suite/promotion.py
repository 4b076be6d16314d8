"""Shows that the tests which the manifest sets aside for NumPy 2's promotion test Numba's own promotion: run without any compiler, on NumPy's
scalars, each fails too. The exit status is 1 if one of them passes.

    .venv/bin/python tests/numba_suite/promotion.py
"""

import sys
import unittest
import warnings

import numpy as np
import shim
from manifest import Manifest

REASON = "NumPy 2's promotion"


def uncompiled(_signature):
    """What takes the place of `njit`: the function itself, whose result is Python's number, as a compiled function's is."""

    def decorate(function):
        def call(*arguments):
            result = function(*arguments)
            return result.item() if isinstance(result, np.generic) else result

        return call

    return decorate


def main():
    patterns = [name for name, reason in Manifest().entries["does-not-apply"] if reason.startswith(REASON)]
    passing = 0
    for name in patterns:
        module, _, test = name.partition(".")
        loaded = shim.load(f"numba.tests.{module}")
        loaded.njit = uncompiled
        result = unittest.TestResult()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            unittest.defaultTestLoader.loadTestsFromName(test, loaded).run(result)
        fault = [text.strip().splitlines()[-1] for _, text in result.errors + result.failures]
        passing += not fault
        print(f"{name}: {fault[0][:150] if fault else 'passes, so it does test what numir does'}")
    sys.exit(1 if passing or not patterns else 0)


if __name__ == "__main__":
    main()
