"""Builds the wheel for other interpreters, installs each in an environment of its own, and runs there the tests of what depends on
the interpreter: calls, results, errors, threads, pickling, the cache, ufuncs.

    .venv/bin/python scripts/pythons.py /usr/bin/python3.13 /opt/python3.14t/bin/python3 ...

Environments and wheels go into target/pythons. It takes some two minutes for each; afterwards the next `make build` builds the
extension module for the interpreter in .venv again.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The versions of what tests need are those of the interpreter: the pinned ones may not be there for all.
NEEDED = ["numpy", "pytest", "hypothesis", "cloudpickle", "joblib", "pandas"]
TESTS = [
    "test_border.py",
    "test_border_calls.py",
    "test_border_errors.py",
    "test_border_results.py",
    "test_border_signatures.py",
    "test_border_sources.py",
    "test_cache.py",
    "test_config.py",
    "test_decorators.py",
    "test_inspect.py",
    "test_interrupt.py",
    "test_pickle.py",
    "test_signatures.py",
    "test_threads.py",
    "test_types.py",
    "test_ufuncs.py",
]


def name_of(interpreter):
    """As in the name of a wheel: cp314, or cp314t where it is free-threaded."""
    text = "import sys, sysconfig; t = sysconfig.get_config_var('Py_GIL_DISABLED'); "
    text += 'print(f\'cp{sys.version_info[0]}{sys.version_info[1]}{"t" if t else ""}\')'
    return subprocess.run([interpreter, "-c", text], capture_output=True, text=True, check=True).stdout.strip()


def fits(interpreter):
    """Builds, installs and tests; whether all tests passed."""
    name = name_of(interpreter)
    folder = ROOT / "target" / "pythons" / name
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *NEEDED], check=True)
    wheels = folder / "wheels"
    for old in wheels.glob("*.whl"):
        old.unlink()
    subprocess.run([python, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", wheels, ROOT], check=True)
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([sys.executable, ROOT / "scripts" / "portable.py", wheel], check=True)
    subprocess.run([*install, "--force-reinstall", "--no-deps", wheel], check=True)
    tests = [ROOT / "tests" / "python" / test for test in TESTS]
    done = subprocess.run([python, "-m", "pytest", "-q", "--seed", "1", *tests], cwd=ROOT)
    print(f"{name}: {wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB, tests ended with {done.returncode}", flush=True)
    return done.returncode == 0


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    results = [fits(interpreter) for interpreter in sys.argv[1:]]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
