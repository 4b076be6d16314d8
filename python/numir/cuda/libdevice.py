"""`numir.cuda.libdevice`: NVIDIA's library of mathematics in kernels, under the names that numba-cuda has for its functions."""

from numir.cuda._intrinsics import LIBDEVICE as _FUNCTIONS

globals().update(_FUNCTIONS)

__all__ = list(_FUNCTIONS)
