"""What a compiled function tells of itself: its stages, its types, how long compiling took."""

import subprocess
import sys

import numpy as np
import pytest
from numir import float64, int64, njit


@njit
def total(values, factor=2):
    result = 0.0
    for value in values:
        result += value * factor
    return result


@pytest.fixture(autouse=True, scope="module")
def compiled():
    assert total(np.arange(4.0)) == 12.0
    assert total(np.arange(4.0), 3) == 18.0


@pytest.mark.parametrize(
    ("stage", "word"),
    [
        ("numeric", "numeric.load"),
        ("linalg", "memref.load"),
        ("scf", "scf.for"),
        ("llvm", "llvm.func"),
        ("llvm-ir", "define"),
        ("asm", ".text"),
    ],
)
def test_every_stage_can_be_read(stage, word):
    texts = total.inspect(stage)
    assert len(texts) == 2
    assert all(word in text for text in texts.values())
    assert word in total.inspect(stage, "(float64[::1], int64)")


def test_a_stage_that_there_is_not():
    with pytest.raises(ValueError, match="no text of the form `machine`"):
        total.inspect("machine")


def test_llvm_and_assembly_by_signature():
    assert set(total.inspect_llvm()) == set(total.inspect_asm()) == set(total.signatures)
    assert "define" in total.inspect_llvm((float64[::1], int64))


def test_types_stand_behind_the_lines_that_bind(capsys):
    total.inspect_types(signature=(float64[::1], int64))
    text = capsys.readouterr().out
    assert "result = 0.0" in text
    (line,) = [line for line in text.splitlines() if "for value in values" in line]
    assert line.endswith("# value: float64")


def test_steps_of_compiling_are_measured():
    (steps, _) = total.stats.values()
    assert steps["LLVM: emit"] > 0


def test_a_stage_is_printed_where_the_environment_asks_for_it(tmp_path):
    file = tmp_path / "program.py"
    file.write_text("from numir import njit\n\n@njit\ndef f(x):\n    return x + 1\n\nprint(f(2))\n")
    done = subprocess.run(
        [sys.executable, file], env={"NUMIR_PRINT": "scf"}, capture_output=True, text=True, check=True, timeout=120
    )
    assert "func.func @f" in done.stdout
    assert done.stdout.endswith("3\n")


def test_a_stage_that_the_environment_gets_wrong_is_said(tmp_path):
    file = tmp_path / "program.py"
    file.write_text("from numir import njit\n\n@njit\ndef f(x):\n    return x + 1\n\nf(2)\n")
    done = subprocess.run(
        [sys.executable, file], env={"NUMIR_PRINT": "sfc"}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "there is no text of the form `sfc`" in done.stderr
