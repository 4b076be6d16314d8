"""Whether a library of the wheel runs on every machine that the wheel is for, manylinux_2_34: which versions of the C library's
symbols it needs, which libraries, and what it shows to others.

    python scripts/portable.py WHEEL-OR-LIBRARY...
"""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TAG = "manylinux_2_34"
# The newest versions that the machine may be asked for, and the libraries: no C++ library, none of Python.
NEWEST = {"GLIBC": (2, 34), "GCC": (12, 0, 0)}
LIBRARIES = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
# Bytes that a wheel may have.
LARGEST = 60 * 1024 * 1024


def _readelf(option, library):
    tool = shutil.which("readelf") or shutil.which("llvm-readelf-22")
    if tool is None:
        raise FileNotFoundError("readelf is not there")
    done = subprocess.run([tool, "--wide", option, library], capture_output=True, text=True, check=True)
    return done.stdout


def shortcomings(library):
    """What keeps a library from running on every machine of the tag, in words."""
    found = []
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", _readelf("--dynamic", library)))
    found += [f"needs {name}" for name in sorted(needed - LIBRARIES)]
    # Only what is needed has flags and a name on one line.
    for name in sorted(set(re.findall(r"Name: ([A-Z]+_\w[\w.]*)  Flags:", _readelf("--version-info", library)))):
        family, _, version = name.partition("_")
        numbers = re.fullmatch(r"[\d.]+", version) and tuple(int(part) for part in version.split("."))
        if not numbers or numbers > NEWEST.get(family, ()):
            found.append(f"needs {name}")
    return found


def shown(library):
    """The symbols that a library shows to others."""
    rows = (line.split() for line in _readelf("--dyn-syms", library).splitlines())
    return sorted(row[7].partition("@")[0] for row in rows if len(row) > 7 and row[4] != "LOCAL" and row[6].isdigit())


def _problems(path):
    if path.suffix != ".whl":
        yield from (f"{path}: {problem}" for problem in shortcomings(path))
        return
    if path.stat().st_size > LARGEST:
        yield f"{path}: {path.stat().st_size} bytes"
    if TAG not in path.name:
        yield f"{path}: not for {TAG}"
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as wheel:
        libraries = [name for name in wheel.namelist() if name.endswith(".so")]
        if len(libraries) != 2:
            yield f"{path}: has the libraries {libraries}"
        for name in libraries:
            yield from _problems(Path(wheel.extract(name, folder)))


def main():
    problems = [problem for path in sys.argv[1:] for problem in _problems(Path(path))]
    print("\n".join(problems) or "fit for " + TAG)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
