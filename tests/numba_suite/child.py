"""Runs the tests of one module and writes a line of JSON when a test begins and when it ends.

child.py (numba|numir) module [tests to leave out, from standard input]
"""

import importlib
import json
import os
import signal
import sys
import unittest
import warnings

# Seconds that a test may take.
LIMIT = 60


def tests_in(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_in(item)
        else:
            yield item


class Result(unittest.TestResult):
    """What became of a test: one word and the error's last line."""

    def __init__(self, say):
        super().__init__()
        self.say = say
        self.kind, self.text = "passed", ""

    def _note(self, kind, error):
        self.kind = kind
        lines = str(error[1]).strip().splitlines() or [""]
        self.text = f"{error[0].__name__}: {lines[0]}"[:300]

    def addError(self, test, error):
        self._note("failed", error)

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self._note("failed", error)

    def addSkip(self, test, reason):
        self.kind, self.text = "skipped", reason

    def addExpectedFailure(self, test, error):
        self.kind = "skipped"

    def addUnexpectedSuccess(self, test):
        self.kind, self.text = "failed", "an unexpected success"


def late(*_):
    raise TimeoutError(f"it took longer than {LIMIT} s")


def main():
    against, name = sys.argv[1:]
    leave_out = set(sys.stdin.read().split())
    # What tests print is not for who reads the results.
    results = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(**fields):
        results.write(json.dumps(fields) + "\n")
        results.flush()

    if against == "numir":
        import shim

        module = shim.load(name)
    else:
        module = importlib.import_module(name)
    signal.signal(signal.SIGALRM, late)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    tests = [test for test in tests_in(suite) if test.id() not in leave_out]
    for test in tests:
        say(begins=test.id())
        result = Result(say)
        signal.alarm(LIMIT)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                test.run(result)
            except TimeoutError as error:
                result.kind, result.text = "failed", f"TimeoutError: {error}"
        signal.alarm(0)
        say(test=test.id(), kind=result.kind, text=result.text)
    say(done=True)


if __name__ == "__main__":
    main()
