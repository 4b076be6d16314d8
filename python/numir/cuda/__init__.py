"""numir.cuda: kernels by hand, with numba-cuda's names."""

from numir.cuda._intrinsics import NAMES as _NAMES
from numir.cuda._kernels import jit

globals().update(_NAMES)

__all__ = [*_NAMES, "jit"]
