"""The programs of tests/programs: each case by CPython and by numir."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from harness import reference
from harness.compare import differences
from harness.device import TARGET
from harness.outcome import Case
from harness.runner import ROOT, Runner
from harness.values import encode_arguments

PROGRAMS = ROOT / "tests" / "programs"
NAMES = sorted(file.stem for file in PROGRAMS.glob("*.py"))


def cases_of(name):
    """The cases that stand in cases/NAME.py."""
    file = PROGRAMS / "cases" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"cases_{name}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    program = str(PROGRAMS / f"{name}.py")
    return [Case(program, function, encode_arguments(arguments), ulp) for function, arguments, ulp in module.cases(np)]


def test_every_program_has_cases():
    assert len(NAMES) >= 25
    assert NAMES == sorted(file.stem for file in (PROGRAMS / "cases").glob("*.py"))


@pytest.mark.parametrize("target", ["host", TARGET])
@pytest.mark.parametrize("name", NAMES)
def test_program(name, target, runner: Runner):
    cases = [replace(case, options={"target": target}) for case in cases_of(name)]
    expected = [reference.run(case) for case in cases]
    found = []
    for number, (case, wanted, actual) in enumerate(zip(cases, expected, runner.run(cases))):
        for line in differences(case, wanted, actual):
            found.append(f"{case.function}, case {number}: {line}")
    assert not found, f"{name}:\n" + "\n".join(found)


def test_demonstration(runner: Runner):
    elevation = np.load(ROOT / "examples" / "data" / "dem.npy")
    arguments = [
        encode_arguments((part, 315.0, 45.0)) for part in (elevation[:60, :70], elevation[::5, ::5], elevation[:2])
    ]
    cases = [Case(str(ROOT / "examples" / "hillshade.py"), "hillshade", item) for item in arguments]
    for case, actual in zip(cases, runner.run(cases)):
        assert not list(differences(case, reference.run(case), actual))
