"""`cuda.reduce`: a function of two numbers makes one of an array, in blocks that keep what they have come to in shared memory."""

import numpy as np

from numir.cuda._intrinsics import NAMES
from numir.cuda._kernels import jit

_THREADS = 256
_BLOCKS = 1024

blockDim, blockIdx, gridDim, threadIdx = (NAMES[name] for name in ("blockDim", "blockIdx", "gridDim", "threadIdx"))
shared, syncthreads = NAMES["shared"], NAMES["syncthreads"]


def _kernel(combine, options):
    """The kernel that leaves what each block has come to in `parts`."""

    @jit(**options)
    def partial(items, parts, size):
        tile = shared.array(_THREADS, items.dtype)
        x = threadIdx.x
        start = blockIdx.x * blockDim.x + x
        if start < size:
            tile[x] = items[start]
            for i in range(start + gridDim.x * blockDim.x, size, gridDim.x * blockDim.x):
                tile[x] = combine(tile[x], items[i])
        # Of the last block some threads may have no item.
        count = min(blockDim.x, size - blockIdx.x * blockDim.x)
        half = blockDim.x // 2
        while half > 0:
            syncthreads()
            if x < half and x + half < count:
                tile[x] = combine(tile[x], tile[x + half])
            half //= 2
        if x == 0:
            parts[blockIdx.x] = tile[0]

    return partial


class Reduce:
    """What `cuda.reduce` makes of a function: it takes an array of one axis, on the host or the device."""

    def __init__(self, function, **options):
        self._function = function
        options.setdefault("boundscheck", False)
        self._kernel = _kernel(jit(device=True, **options)(function), options)

    def __call__(self, arr, size=None, res=None, init=0, stream=0):
        """One number of `size` items, of all where none is given, and of `init`; `res`, an array on the device, gets it as its first item."""
        if arr.ndim != 1:
            raise TypeError("only support 1D array")
        size = len(arr) if size is None else size
        if not 0 <= size <= len(arr):
            raise ValueError(f"size {size} of an array of {len(arr)} items")
        if size == 0:
            result = init
        else:
            parts = self._parts(arr, size, stream)
            result = self._function(np.asarray(init, arr.dtype)[()], parts[0])
        if res is None:
            return np.asarray(result, arr.dtype)[()]
        res[:1].copy_to_device(np.full(1, result, arr.dtype), stream=stream)
        return None

    def _parts(self, items, size, stream):
        blocks = min(-(-size // _THREADS), _BLOCKS)
        parts = np.empty(blocks, items.dtype)
        self._kernel[blocks, _THREADS, stream](items, parts, size)
        return parts if blocks == 1 else self._parts(parts, blocks, stream)


def reduce(function=None, **options):
    """Make a reduction of an array of a function of two numbers, which must be associative and commutative."""
    return Reduce(function, **options) if function is not None else lambda function: Reduce(function, **options)
