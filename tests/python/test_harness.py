"""The harness itself, by a command that runs cases under CPython: CPython must agree with CPython."""

import json
import sys

import numpy as np
import pytest

import matrices
from harness.compare import differences, value_difference
from harness.matrix import Matrix, check
from harness.outcome import Case, Failed, Outcome
from harness.runner import Runner
from harness.values import decode, decode_arguments, encode, encode_arguments

FAKE = """
import json, os, sys
sys.path[:0] = {path!r}
from harness import reference
from harness.outcome import Case
from harness.values import encode
for item in json.load(open(sys.argv[1]))["cases"]:
    if item["function"] == "dies":
        os._exit(3)
    outcome = reference.run(Case(item["file"], item["function"], item["args"]))
    line = {{"id": item["id"], "stdout": outcome.stdout}}
    line["args"] = [None if a is None else encode(a) for a in outcome.arguments]
    if outcome.error:
        line["error"] = {{"type": outcome.error.type, "message": outcome.error.message, "line": outcome.error.line}}
    else:
        line["value"] = encode(outcome.value)
    print(json.dumps(line), flush=True)
"""


@pytest.fixture
def fake(tmp_path):
    """A command like `numir test-batch` that asks CPython."""
    file = tmp_path / "fake.py"
    file.write_text(FAKE.format(path=[p for p in sys.path if p]))
    return Runner([sys.executable, str(file)])


@pytest.mark.parametrize("name", matrices.names())
def test_matrices_agree_with_themselves(name, tmp_path, fake, rng):
    matrix = Matrix(name)
    matrices.build(name, matrix, rng)
    matrix.sample(rng, 60)
    found, count = check(matrix, tmp_path, fake)
    assert not found and count


def test_values_survive():
    values = [None, True, -(2**63), -0.0, 5e-324, 1 - 2j, "ä", (1, (2.0, ())), np.float16(0.1), np.bool_(True)]
    for value in [*values, np.arange(6, dtype=np.int16).reshape(2, 3), np.zeros((0, 3)), np.array(1j)]:
        again = decode(json.loads(json.dumps(encode(value))))
        assert type(again) is type(value)
        assert value_difference(value, again, 0, True) is None


def test_layouts_and_sharing_survive():
    whole = np.arange(24.0).reshape(4, 6)
    arguments = (whole[::-1, ::2], whole.T, whole[1], np.broadcast_to(np.float64(3), (2, 2)), 7)
    again = decode_arguments(json.loads(json.dumps(encode_arguments(arguments))))
    for wanted, got in zip(arguments[:4], again):
        assert wanted.strides == got.strides and (wanted == got).all()
    again[1][0, 1] = -1.0
    assert again[0][2, 0] == -1.0 and again[2][0] == -1.0


def test_a_process_that_dies_costs_one_case(tmp_path, fake):
    file = tmp_path / "program.py"
    file.write_text("def one(x):\n    return x\n\ndef dies(x):\n    return x\n")
    cases = [Case(str(file), name, encode_arguments((1,))) for name in ("one", "dies", "one", "dies", "one")]
    outcomes = fake.run(cases)
    assert [outcome.error and outcome.error.type for outcome in outcomes] == [None, "Crash", None, "Crash", None]


def test_a_command_that_runs_nothing_is_an_error(tmp_path):
    command = Runner([sys.executable, "-c", "import sys; sys.exit('no such verb')"])
    with pytest.raises(RuntimeError, match="no such verb"):
        command.run([Case("x.py", "f", [])])


@pytest.mark.parametrize(
    ("expected", "actual", "ulp", "strict", "same"),
    [
        (1, 2, 0, True, False),
        (2**63, -(2**63), 0, True, True),
        (1, 1.0, 0, False, True),
        (1, 1.0, 0, True, False),
        (1.0, 1, 0, False, False),
        (1.0, np.float64(1.0), 0, False, True),
        (np.float64(1.0), 1.0, 0, True, True),
        (np.int8(1), 1, 0, True, True),
        (np.uint64(2**64 - 1), np.uint64(2**64 - 1), 0, True, True),
        (np.float32(0.1), 0.1, 0, True, False),
        (np.float32(0.1), 0.10000000894069672, 1, True, True),
        (0.0, -0.0, 0, True, False),
        (0.0, -0.0, 1, True, True),
        (float("nan"), float("nan"), 0, True, True),
        (float("inf"), 1.7976931348623157e308, 4, True, False),
        (1.0, 1.0000000000000002, 0, True, False),
        (1.0, 1.0000000000000002, 1, True, True),
        (-1.0, 1.0, 1 << 40, True, False),
        ((1, 2), (1, 2, 3), 0, True, False),
        (None, 0, 0, True, False),
        ("a", "a", 0, True, True),
        (True, np.bool_(True), 0, False, True),
        (np.arange(3), np.arange(3.0), 0, False, False),
        (np.arange(3), np.arange(3), 0, True, True),
        (np.zeros((0, 2)), np.zeros((0, 3)), 0, True, False),
    ],
)
def test_comparison(expected, actual, ulp, strict, same):
    assert (value_difference(expected, actual, ulp, strict) is None) == same


def test_errors_are_compared_by_type_and_line():
    case = Case("x.py", "f", [])
    wrong = Outcome(error=Failed("ValueError", "a", 3))
    assert not list(differences(case, wrong, Outcome(error=Failed("ValueError", "b", 3))))
    assert list(differences(case, wrong, Outcome(error=Failed("ValueError", "a", 4))))
    assert list(differences(case, wrong, Outcome(error=Failed("TypeError", "a", 3))))
    assert list(differences(case, wrong, Outcome(value=3)))
    assert list(differences(case, Outcome(value=3, stdout="x"), Outcome(value=3)))
