"""The matrices: each run by CPython and by numir, a sample of it or all."""

import random as randomness

import pytest

import matrices
from harness.matrix import Matrix, check

SAMPLE = 400
# So many cases go into one module: a process that dies costs little, and memory stays small.
CHUNK = 1500


@pytest.mark.parametrize("name", matrices.names())
def test_matrix(name, tmp_path, runner, rng, full):
    matrix = Matrix(name)
    matrices.build(name, matrix, rng)
    if not full:
        matrix.sample(rng, SAMPLE)
    found, total = [], 0
    for part, piece in enumerate(matrix.pieces(CHUNK)):
        (tmp_path / str(part)).mkdir()
        wrong, count = check(piece, tmp_path / str(part), runner)
        found += wrong
        total += count
    shown = "\n\n".join(found[:20])
    assert not found, f"{len(found)} of {total} cases of {name} differ:\n\n{shown}"


def test_matrices_are_large():
    """Every matrix builds, and a change that empties one is noticed."""
    for name in matrices.names():
        matrix = Matrix(name)
        matrices.build(name, matrix, randomness.Random(1))
        assert len(matrix.calls) > 300, name
