"""Where NVIDIA's libdevice lies, if the package `nvidia-nvvm` is installed: compiling for CUDA looks for it by an environment variable."""

import os
import sysconfig

VARIABLE = "NUMIR_LIBDEVICE"
_PLACES = ("nvidia/cu13", "nvidia/cuda_nvcc")


def find():
    """Names the file to the compiler, unless somebody has named one."""
    if VARIABLE in os.environ:
        return
    for folder in dict.fromkeys(sysconfig.get_paths()[key] for key in ("purelib", "platlib")):
        for place in _PLACES:
            file = os.path.join(folder, place, "nvvm", "libdevice", "libdevice.10.bc")
            if os.path.exists(file):
                os.environ[VARIABLE] = file
                return
