"""Puts numir into the environment in .venv as cargo has built it: the libraries go into the package's folder, which the environment
finds by a path file. What is up to date is left alone.

    cargo build --release --workspace && .venv/bin/python scripts/develop.py
"""

import compileall
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def place(built, target, strip):
    """Copy a library, without what only linkers and debuggers of numir itself read."""
    stamp = target.with_suffix(".stamp")
    state = f"{built.stat().st_mtime_ns} {strip}"
    if target.exists() and stamp.exists() and stamp.read_text() == state:
        return
    fresh = target.with_suffix(".new")
    tool = shutil.which("llvm-strip-22") or shutil.which("strip")
    if tool:
        subprocess.run([tool, strip, "-o", fresh, built], check=True)
    else:
        shutil.copyfile(built, fresh)
    # In one step: a process may have the old one open.
    fresh.replace(target)
    stamp.write_text(state)


def main():
    package = ROOT / "python" / "numir"
    release = ROOT / "target" / "release"
    # gdb finds the loader's hooks by their symbols.
    extension = package / f"_numir{sysconfig.get_config_var('EXT_SUFFIX')}"
    place(release / "lib_numir.so", extension, "--strip-debug")
    place(release / "libnumir_capi.so", package / "libnumir.so", "--strip-all")
    # As pip does with what it installs: without, a process that may not write bytecode compiles the package at each import.
    compileall.compile_dir(package, quiet=1)
    path = Path(sysconfig.get_path("purelib")) / "numir.pth"
    line = f"{package.parent}\n"
    if not path.exists() or path.read_text() != line:
        path.write_text(line)
    command = Path(sysconfig.get_path("scripts")) / "numir"
    command.write_text(f"#!{sys.executable}\nimport sys\n\nfrom numir.__main__ import main\n\nsys.exit(main())\n")
    command.chmod(0o755)
    print(f"numir is installed in {sys.prefix}")


if __name__ == "__main__":
    main()
