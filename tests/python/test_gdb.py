"""gdb stops at the lines of compiled functions, in a Python process whose numir is the installed one."""

import os
import shutil
import subprocess
import sys

import pytest

PROGRAM = """\
import numpy as np

from numir import njit


@njit{options}
def scale(a, factor):
    for i in range(a.shape[0]):
        a[i] = a[i] * factor
    return a


print(scale(np.arange(1000.0), 2.0).sum())
"""


# An array long enough for the part of the loop that handles several items at once: there gdb puts its breakpoint.
@pytest.mark.parametrize("options", ["", "(debug=True)"])
def test_gdb_stops_at_a_line(tmp_path, options):
    gdb = shutil.which("gdb")
    if gdb is None:
        pytest.skip("gdb is not installed")
    file = tmp_path / "scaling.py"
    file.write_text(PROGRAM.format(options=options))
    commands = ["set breakpoint pending on", "break scaling.py:9", "run", "backtrace 1", "delete", "continue"]
    wanted = [word for command in commands for word in ("-ex", command)]
    done = subprocess.run(
        [gdb, "--nx", "--batch", *wanted, "--args", sys.executable, file],
        capture_output=True,
        text=True,
        env=os.environ | {"DEBUGINFOD_URLS": ""},
        timeout=120,
    )
    said = done.stdout + done.stderr
    if "ptrace: Operation not permitted" in said:
        pytest.skip("this machine lets no process be debugged")
    assert "9\t        a[i] = a[i] * factor\n" in said, said
    assert "\n#0  " in said and "scaling.py:9\n" in said, said
    assert "999000.0\n" in said and "exited normally]" in said, said
