"""numir compiles Python functions of numbers and arrays to machine code.

    from numir import njit, prange

    @njit
    def mean(a):
        total = 0.0
        for i in prange(a.size):
            total += a[i]
        return total / a.size

What is not needed to decorate a function is loaded when it is first used.
"""

from numir.decorators import jit, literal_unroll, njit, prange, register_jitable

__version__ = "0.1.0"

# Names that are loaded on first use, and the module each comes from.
_LAZY = {
    "Dispatcher": "dispatcher",
    "as_dtype": "types",
    "from_dtype": "types",
    "typeof": "types",
    "optional": "types",
    "void": "types",
    "none": "types",
    "vectorize": "ufuncs",
    "guvectorize": "gufuncs",
    "get_num_threads": "_numir",
    "set_num_threads": "_numir",
    "get_thread_id": "_numir",
}
_TYPES = (
    "boolean bool_ b1 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128 "
    "i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16 intp uintp byte char short ushort int_ uint intc uintc long_ ulong longlong "
    "ulonglong float_ double ssize_t size_t"
).split()
_LAZY.update(dict.fromkeys(_TYPES, "types"))
_MODULES = ("config", "dispatcher", "errors", "signatures", "types", "ufuncs")

__all__ = [  # noqa: PLE0604 - the lazy names are given by __getattr__
    "jit",
    "literal_unroll",
    "njit",
    "prange",
    "register_jitable",
    *_LAZY,
    *_MODULES,
]


def __getattr__(name):
    import importlib

    if name in _MODULES:
        return importlib.import_module(f"numir.{name}")
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module 'numir' has no attribute {name!r}")
    if name == "optional":
        name = "Optional"
    value = getattr(importlib.import_module(f"numir.{module}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *__all__])
