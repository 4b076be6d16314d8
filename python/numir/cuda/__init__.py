"""numir.cuda: kernels by hand, with numba-cuda's names."""

from numir.cuda._intrinsics import NAMES as _NAMES
from numir.cuda._kernels import compile_ptx, jit
from numir.cuda._reduce import Reduce, reduce

globals().update(_NAMES)

__all__ = [*_NAMES, "Reduce", "compile_ptx", "jit", "reduce"]
