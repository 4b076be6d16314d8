"""The names of numir for plain CPython: the reference that compiled code is compared with.

Here `njit` leaves a function as it is, `prange` is `range`, and a type name stands in an annotation without a
meaning; called, it converts as NumPy's type of that name. A program that imports from this module therefore runs as
ordinary Python and NumPy. The command `numir` does not load it: the compiler understands the names by itself. The
package with the compiled `njit` will take its place.
"""

from numir._types import (
    bool_,
    boolean,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    intp,
    uint8,
    uint16,
    uint32,
    uint64,
    uintp,
)

__all__ = [
    "bool_",
    "boolean",
    "complex64",
    "complex128",
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "intp",
    "njit",
    "prange",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintp",
]

prange = range

# The keyword options of Numba's njit. Here they are checked for their spelling only.
_OPTIONS = frozenset(
    (
        "boundscheck",
        "cache",
        "debug",
        "error_model",
        "fastmath",
        "forceinline",
        "forceobj",
        "inline",
        "locals",
        "looplift",
        "no_cfunc_wrapper",
        "no_cpython_wrapper",
        "no_rewrites",
        "nogil",
        "nopython",
        "parallel",
        "pipeline_class",
        "signature_or_function",
        "target_backend",
    )
)


def njit(signature_or_function=None, **options):
    """Return the function as it is, in each form that the decorator takes: bare, with options, with a signature."""
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise TypeError(f"njit() got an unexpected keyword argument {unknown[0]!r}")
    if callable(signature_or_function) and hasattr(signature_or_function, "__code__"):
        return signature_or_function
    return lambda function: function
