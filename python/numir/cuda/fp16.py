"""`numir.cuda.fp16`: arithmetic and functions of float16 in kernels."""

from numir.cuda._intrinsics import FP16 as _FUNCTIONS

globals().update(_FUNCTIONS)

__all__ = list(_FUNCTIONS)
