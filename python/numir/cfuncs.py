"""`cfunc`, which compiles functions that C calls, and arrays over the memory behind C's pointers."""

from functools import cached_property

import numpy as np

from numir import config, options, signatures
from numir.types import as_dtype, pointers, scalars


def cfunc(sig, **given):
    """Compile a function that C can call, for the types of a signature: `@cfunc("float64(float64, float64)")`.

    It takes `jit`'s options. The result has an `address`, and is an object of ctypes as `.ctypes`. Arrays come to such a function as
    pointers (`types.CPointer(types.float64)`), over which `carray` lays an array.
    """
    chosen = options.make("cfunc", given)
    parsed = signatures.parse(sig)
    if len(parsed) != 1:
        raise TypeError("a function that C calls has one signature")
    signature = parsed[0]
    if signature.return_type is None:
        raise TypeError("C callback needs an explicit return type")
    for ty in (signature.return_type, *signature.args):
        _c_name(ty, ty is signature.return_type)

    def decorate(function):
        kind = PythonCallback if config.DISABLE_JIT else CFunc
        return kind(function, signature, chosen)

    return decorate


# Types as ctypes calls them, by the names of the compiler's.
_C_NAMES = {
    "bool": "c_bool",
    "float32": "c_float",
    "float64": "c_double",
    **{name: f"c_{name}" for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")},
}


def _c_name(ty, is_result=False):
    if isinstance(ty, (pointers.CPointer, pointers.RawPointer)):
        return "c_void_p"
    if is_result and ty == scalars.none:
        return None
    name = _C_NAMES.get(ty.name)
    if name is None:
        raise TypeError(
            f"{ty} is neither a number of C nor a pointer, and cannot be in the signature of a function that C calls"
        )
    return name


def _c_type(ty, is_result=False):
    import ctypes

    if isinstance(ty, pointers.CPointer) and ty.dtype.name in _C_NAMES:
        return ctypes.POINTER(_c_type(ty.dtype))
    name = _c_name(ty, is_result)
    return None if name is None else getattr(ctypes, name)


class _Callback:
    """What functions that C can call have in common."""

    def __init__(self, function, signature):
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(self, name, getattr(function, name, None))
        self.__wrapped__ = self.py_func = function
        self.signature = signature

    @cached_property
    def ctypes(self):
        """The function as an object of ctypes, with the types of its parameters and its result."""
        import ctypes

        signature = self.signature
        prototype = ctypes.CFUNCTYPE(_c_type(signature.return_type, True), *map(_c_type, signature.args))
        function = prototype(self._behind)
        function._numir_owner = self
        return function

    @cached_property
    def cffi(self):
        """The address as a `void *` of cffi."""
        import cffi

        return cffi.FFI().cast("void *", self.address)

    def __call__(self, *arguments, **given):
        """Call the Python function, as Numba does."""
        return self.py_func(*arguments, **given)

    def __repr__(self):
        return f"<numir C callback {self.__qualname__!r}>"


class CFunc(_Callback):
    """A compiled function that C can call. Its code stays in memory as long as the process lives."""

    def __init__(self, function, signature, chosen):
        from numir import _numir, dispatcher

        super().__init__(function.py_func if isinstance(function, dispatcher.Dispatcher) else function, signature)
        self._dispatcher = dispatcher.make(self.py_func, chosen, c_result=signature.return_type.spelling)
        self._parameters = [ty.spelling for ty in signature.args]
        self._behind, self._symbol = _numir.c_entry(self._dispatcher, self._parameters, self)

    @property
    def address(self):
        """Where the function is, an int."""
        return self._behind

    @property
    def native_name(self):
        """The symbol of the function."""
        return self._symbol

    def inspect_llvm(self):
        """The LLVM IR of the function, and of what it calls."""
        from numir import _numir

        return _numir.inspect(self._dispatcher, self._parameters, "llvm-ir")

    @property
    def cache_hits(self):
        """How often its code was found in the cache."""
        return sum(self._dispatcher.stats.cache_hits.values())


class PythonCallback(_Callback):
    """The same where nothing is compiled: a Python function that C can call."""

    def __init__(self, function, signature, chosen):
        super().__init__(function, signature)
        self._behind = function

    @cached_property
    def address(self):
        """Where the function is, an int."""
        import ctypes

        return ctypes.cast(self.ctypes, ctypes.c_void_p).value

    @property
    def native_name(self):
        """The name of the function."""
        return self.__name__


def carray(ptr, shape, dtype=None):
    """The items at an address as an array of a shape, in C order. Nothing is copied, and nothing is kept alive.

    The address is a pointer of ctypes; one to anything (`c_void_p`) needs a dtype.
    """
    return _array(ptr, shape, dtype).reshape(shape, order="C")


def farray(ptr, shape, dtype=None):
    """The same in Fortran order."""
    return _array(ptr, shape, dtype).reshape(shape, order="F")


def _array(ptr, shape, dtype):
    import ctypes

    from numir.types import Type

    dtype = as_dtype(dtype) if isinstance(dtype, Type) else None if dtype is None else np.dtype(dtype)
    if isinstance(ptr, ctypes.c_void_p):
        if dtype is None:
            raise TypeError("explicit dtype required for void* argument")
    elif isinstance(ptr, ctypes._Pointer):
        own = np.dtype(ptr._type_)
        if dtype is not None and dtype != own:
            raise TypeError(f"mismatching dtype '{dtype}' for pointer {ptr!r}")
        dtype = own
    else:
        raise TypeError(f"expected a ctypes pointer, got {ptr!r}")
    address = ctypes.cast(ptr, ctypes.c_void_p).value or 0
    length = int(np.prod(shape)) * dtype.itemsize
    return np.frombuffer((ctypes.c_char * length).from_address(address), dtype)
