"""How pip builds numir: maturin builds the package with its extension module; before that the compiler's library, which maturin
does not know of, is built and put into the package.
"""

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


def _build_library():
    """Build libnumir.so and put it into the package."""
    subprocess.run(["cargo", "build", "--release", "--workspace"], cwd=ROOT, check=True)
    develop.place(
        ROOT / "target" / "release" / "libnumir_capi.so", ROOT / "python" / "numir" / "libnumir.so", "--strip-all"
    )


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
