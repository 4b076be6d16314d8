"""How pip builds numir: maturin builds the package with its extension module; before that the compiler's library, which maturin
does not know of, is built and put into the package.
"""

import shutil
import subprocess
from pathlib import Path

import maturin
from maturin import (  # noqa: F401
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "python" / "numir" / "libnumir.so"


def _build_library():
    """Build libnumir.so, without what only linkers and debuggers read."""
    subprocess.run(["cargo", "build", "--release", "--workspace"], cwd=ROOT, check=True)
    built = ROOT / "target" / "release" / "libnumir_capi.so"
    if LIBRARY.exists() and LIBRARY.stat().st_mtime >= built.stat().st_mtime:
        return
    fresh = LIBRARY.with_suffix(".new")
    strip = shutil.which("llvm-strip-22") or shutil.which("strip")
    if strip:
        subprocess.run([strip, "--strip-unneeded", "-o", fresh, built], check=True)
    else:
        shutil.copyfile(built, fresh)
    # In one step: a process may have the old one open.
    fresh.replace(LIBRARY)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """As PEP 517 says."""
    _build_library()
    return maturin.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """As PEP 660 says."""
    _build_library()
    return maturin.build_editable(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    """As PEP 517 says."""
    return maturin.build_sdist(sdist_directory, config_settings)
