"""A sample of the crash test: generated programs and damaged inputs end in a result or in one readable error."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_kills_the_command(tmp_path, pytestconfig):
    seed = pytestconfig.numir_seed
    command = [sys.executable, str(ROOT / "scripts/crash.py"), "--seed", str(seed), "--keep", str(tmp_path / "found")]
    done = subprocess.run([*command, "--programs", "100", "--modules", "100"], capture_output=True, text=True)
    print(done.stdout)
    assert done.returncode == 0, f"seed {seed}\n{done.stdout}{done.stderr}"
