"""What `break` decides in a loop is a jump in the machine code: the next iteration does not wait for it."""

import numpy as np
from numir import njit


def up_to(a, limit):
    total = 0.0
    i = 0
    while i < len(a):
        square = a[i] * a[i]
        if square > limit:
            break
        total += square
        i += 1
    return total


def test_leaving_a_loop_is_a_jump():
    compiled = njit(up_to)
    a = np.random.default_rng(0).uniform(0, 1, 1000)
    for limit in (0.5, 0.99, 2.0, 400.0, 1e9):
        assert compiled(a, limit) == up_to(a, limit)
    text = str(compiled.inspect("llvm-ir"))
    assert "fadd double" in text
    # Neither a choice between the old value and the new one, nor 0 or 1 that is added.
    assert "select i1" not in text
    assert "zext i1" not in text
