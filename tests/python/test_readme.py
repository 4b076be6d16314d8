"""The README's program for Python runs as it stands there."""

import re
import subprocess
import sys

from harness.runner import ROOT


def test_the_program_for_python(tmp_path):
    text = (ROOT / "README.md").read_text()
    program = re.search(r"```python\n(# smoothing.py\n.*?)```", text, re.DOTALL).group(1)
    file = tmp_path / "smoothing.py"
    file.write_text(program)
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "3.5 [0.  1.  2.  2.5 2.5] 1\n[(Array(float64, 2, 'C', False, aligned=True),)]\n"
