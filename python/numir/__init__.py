"""numir compiles functions of numbers and NumPy arrays: `from numir import njit, prange`, in place of the same names of Numba.

Importing this loads neither the compiler nor anything that a program may not need: what is not named at once is looked up when it is
asked for. With NUMIR_DISABLE_JIT=1 the decorators give Python's functions, and the extension module is not needed.
"""

from numir.decorators import jit, jit_module, literal_unroll, literally, njit, objmode, prange, register_jitable
from numir.types.scalars import ALIASES as _ALIASES
from numir.types.scalars import SCALARS as _SCALARS
from numir.types.scalars import none, void

__version__ = "0.1.0"

globals().update(_SCALARS)
globals().update(_ALIASES)

# Where other names come from, when they are asked for.
_LAZY = {
    "Dispatcher": "dispatcher",
    "as_dtype": "types",
    "carray": "cfuncs",
    "cfunc": "cfuncs",
    "farray": "cfuncs",
    "from_dtype": "types",
    "get_num_threads": "threads",
    "get_parallel_chunksize": "threads",
    "get_thread_id": "threads",
    "guvectorize": "gufuncs",
    "optional": "types",
    "parallel_chunksize": "threads",
    "set_num_threads": "threads",
    "set_parallel_chunksize": "threads",
    "stencil": "stencils",
    "threading_layer": "threads",
    "typeof": "types",
    "vectorize": "ufuncs",
}
_MODULES = frozenset(
    (
        "config",
        "core",
        "cuda",
        "dispatcher",
        "errors",
        "extending",
        "np",
        "signatures",
        "stencils",
        "threads",
        "types",
        "ufuncs",
    )
)

__all__ = [
    *_SCALARS,
    *_ALIASES,
    *_LAZY,
    "jit",
    "jit_module",
    "literal_unroll",
    "literally",
    "njit",
    "none",
    "objmode",
    "prange",
    "register_jitable",
    "void",
]


def __getattr__(name):
    from importlib import import_module

    if name in _MODULES:
        try:
            return import_module(f"numir.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"numir.{name}":
                raise
    elif name in _LAZY:
        value = getattr(import_module(f"numir.{_LAZY[name]}"), name)
        globals()[name] = value
        return value
    elif name[:1].isupper():
        from numir import errors

        if hasattr(errors, name):
            return getattr(errors, name)
    reason = "" if name.startswith("_") else import_module("numir._absent").reason(name)
    raise AttributeError(f"module 'numir' has no attribute {name!r}{reason}")


def __dir__():
    return sorted({*globals(), *__all__, *_MODULES})
