"""docs/numpy.md says what the registry knows."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_page_is_true():
    command = [sys.executable, ROOT / "scripts" / "numpy_page.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_names_of_modules():
    told = subprocess.run([ROOT / "target" / "release" / "numir", "names", "math"], capture_output=True, text=True)
    assert "hypot(*coordinates)" in told.stdout or "sqrt(x" in told.stdout
    kernels = subprocess.run(
        [ROOT / "target" / "release" / "numir", "names", "numir.cuda"], capture_output=True, text=True
    )
    assert "grid(ndim)\n" in kernels.stdout and "syncthreads()\n" in kernels.stdout
    wrong = subprocess.run([ROOT / "target" / "release" / "numir", "names", "nothing"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "knows no module `nothing`" in wrong.stderr
