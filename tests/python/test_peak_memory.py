"""What is fused allocates nothing that grows with its operands: the resident set of a process is watched while it runs."""

import subprocess
import sys
import textwrap

import pytest

ITEMS = 20_000_000

# One array of the operands' size is 160 MB. Threads, their stacks and the allocator's own rooms are far below a tenth of it.
MOST = 8 * ITEMS // 10


def growth(source, parallel):
    """By how many bytes the highest resident set of a process grows with one call, after a call on short arrays has compiled it."""
    program = f"""
    import re
    import numir, numpy as np
    def program(a, b):
        return {source}
    compiled = numir.njit(parallel={parallel})(program)
    compiled(np.ones(1000), np.zeros(1000))
    a, b = np.ones({ITEMS}), np.full({ITEMS}, 0.5)
    # Not getrusage's: that counts what the parent had when this process was made.
    highest = lambda: 1024 * int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1])
    before = highest()
    result = compiled(a, b)
    after = highest()
    print(after - before, np.sum(result))
    """
    told = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, capture_output=True, text=True)
    grown, result = told.stdout.split()
    return int(grown), float(result)


@pytest.mark.parametrize("parallel", [False, True])
def test_a_fused_reduction_has_no_temporaries(parallel):
    grown, result = growth("np.sum((a - b) ** 2)", parallel)
    assert result == 0.25 * ITEMS
    assert grown < MOST


@pytest.mark.parametrize("parallel", [False, True])
def test_a_chain_has_its_result_alone(parallel):
    grown, result = growth("(a - b) * 2.0 + a * b", parallel)
    assert result == 1.5 * ITEMS
    assert 8 * ITEMS - MOST < grown < 8 * ITEMS + MOST
