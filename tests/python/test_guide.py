"""The programs that Numba's guide teaches with, as written but for the import, give what they give with Numba."""

import importlib.util

import numba
import pytest

from harness.runner import ROOT

_spec = importlib.util.spec_from_file_location("guide", ROOT / "benchmarks/guide.py")
guide = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(guide)


@pytest.mark.parametrize("name", guide.names())
def test_a_program_of_the_guide(name, tmp_path, monkeypatch):
    actual = guide.load(name, "numir", tmp_path).program()
    assert guide.agree(expected(name, tmp_path, monkeypatch), actual)


def expected(name, folder, monkeypatch):
    """What Numba gives; where it lacks a library for that, what Python gives."""
    try:
        return guide.load(name, "numba", folder).program()
    except ImportError as error:
        assert "scipy" in str(error)
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    return guide.load(name, "numba", folder).program()


def test_results_that_differ_are_seen():
    assert guide.agree((1, [2.0]), (1, [2.0 + 1e-15]))
    for other in ((1, [2.1]), (1.0, [2.0]), (1, [2.0, 2.0])):
        assert not guide.agree((1, [2.0]), other)
