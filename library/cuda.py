"""numir.cuda in kernels, but for what is primitive."""

from _cuda_bits import brev, cbrt, clz, ffs, fma, lanemask_lt, nanosleep, popc, selp
from _cuda_places import grid, gridsize
