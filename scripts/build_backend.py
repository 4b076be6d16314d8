"""How pip builds numir: maturin builds the package with its extension module; before that the compiler's library, which maturin
does not know of, is built and put into the package.
"""

import os
import subprocess
import sys
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
sys.path.insert(0, str(ROOT / "scripts"))

import develop  # noqa: E402
import portable  # noqa: E402

LIBRARY = ROOT / "python" / "numir" / "libnumir.so"


def _build_library():
    """Build libnumir.so and put it into the package."""
    subprocess.run(["cargo", "build", "--release", "--workspace"], cwd=ROOT, check=True)
    develop.place(ROOT / "target" / "release" / "libnumir_capi.so", LIBRARY, "--strip-all")


def _with_tag(settings):
    """What the user has set, and the tag of a wheel for other machines. Where the machine is too new to build one, the wheel is
    for this machine.
    """
    settings = dict(settings or {})
    if "build-args" in settings or "maturin.build-args" in settings or "MATURIN_PEP517_ARGS" in os.environ:
        return settings
    try:
        problems = portable.shortcomings(LIBRARY)
    except FileNotFoundError as error:
        problems = [str(error)]
    if problems:
        print(f"the wheel is for this machine only: {', '.join(problems)}", file=sys.stderr)
        return settings
    return settings | {"build-args": f"--compatibility {portable.TAG}"}


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """As PEP 517 says."""
    _build_library()
    return maturin.build_wheel(wheel_directory, _with_tag(config_settings), metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """As PEP 660 says."""
    _build_library()
    return maturin.build_editable(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    """As PEP 517 says."""
    return maturin.build_sdist(sdist_directory, config_settings)
