"""`from numir import cuda`: kernels by hand, devices, arrays on them, and streams, under the names that numba-cuda has for them.

Kernels run on the GPU, or on the simulator where NUMIR_ENABLE_CUDASIM=1 is set. What a module defines is looked up when it is asked for, so
that a program pays for what it uses.
"""

from numir.cuda._intrinsics import NAMES as _NAMES

globals().update(_NAMES)

# Where other names come from.
_LAZY = {
    "In": "_kernels",
    "InOut": "_kernels",
    "Out": "_kernels",
    "compile_ptx": "_kernels",
    "jit": "_kernels",
    "Reduce": "_reduce",
    "reduce": "_reduce",
    "DeviceNDArray": "_arrays",
    "is_cuda_ndarray": "_arrays",
    "from_dlpack": "_dlpack",
    "as_cuda_array": "_foreign",
    "from_cuda_array_interface": "_foreign",
    "is_cuda_array": "_foreign",
    "defer_cleanup": "_memory",
    "device_array": "_memory",
    "device_array_like": "_memory",
    "managed_array": "_memory",
    "mapped": "_memory",
    "mapped_array": "_memory",
    "mapped_array_like": "_memory",
    "pinned": "_memory",
    "pinned_array": "_memory",
    "pinned_array_like": "_memory",
    "to_device": "_memory",
    "transfers": "_activity",
    "default_stream": "_streams",
    "event": "_streams",
    "event_elapsed_time": "_streams",
    "external_stream": "_streams",
    "legacy_default_stream": "_streams",
    "per_thread_default_stream": "_streams",
    "stream": "_streams",
    "close": "_devices",
    "cuda_error": "_devices",
    "current_context": "_devices",
    "detect": "_devices",
    "driver": "_devices",
    "get_current_device": "_devices",
    "gpus": "_devices",
    "is_available": "_devices",
    "is_float16_supported": "_devices",
    "is_supported_version": "_devices",
    "list_devices": "_devices",
    "runtime": "_devices",
    "select_device": "_devices",
    "synchronize": "_devices",
    "MemoryInfo": "_devices",
    "CudaSupportError": "_devices",
}

# Modules that a program may name without importing them.
_MODULES = ("fp16", "libdevice", "random")

__all__ = [*_LAZY, *_MODULES, *_NAMES]


def __getattr__(name):
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"numir.cuda.{name}")
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module 'numir.cuda' has no attribute {name!r}")
    value = getattr(import_module(f"numir.cuda.{module}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
