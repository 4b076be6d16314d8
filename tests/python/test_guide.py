"""The programs that Numba's guide teaches with, as written but for the import, give what they give with Numba."""

import importlib.util

import pytest
from numir.errors import NumbaError

from harness.runner import ROOT

_spec = importlib.util.spec_from_file_location("guide", ROOT / "benchmarks/guide.py")
guide = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(guide)

# What these need is not compiled yet; the benchmark lists them with what numir says.
MISSING = {
    "guvectorize_in_compiled_code",
    "guvectorize_overwritten",
    "parallel_chunks_in_compiled_code",
    "parallel_logistic_regression",
    "vectorize_in_compiled_code",
}


@pytest.mark.parametrize("name", guide.names())
def test_a_program_of_the_guide(name, tmp_path):
    try:
        actual = guide.load(name, "numir", tmp_path).program()
    except NumbaError as error:
        if name not in MISSING:
            raise
        pytest.skip(f"not compiled yet: {str(error).splitlines()[0]}")
    assert guide.agree(guide.load(name, "numba", tmp_path).program(), actual)


def test_results_that_differ_are_seen():
    assert guide.agree((1, [2.0]), (1, [2.0 + 1e-15]))
    for other in ((1, [2.1]), (1.0, [2.0]), (1, [2.0, 2.0])):
        assert not guide.agree((1, [2.0]), other)
