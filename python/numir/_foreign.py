"""C functions as the compiler is told of them: those of ctypes and cffi, and those that `cfunc` makes.

Neither ctypes nor cffi is loaded here: who has not loaded them has no objects of theirs.
"""

import sys

_NEEDS_GIL = (
    "needs Python's lock, which compiled code does not hold: functions of PyDLL and PYFUNCTYPE cannot be called"
)


class Refused(Exception):
    """Why an object of C is nothing for compiled code."""


def described(thing):
    """What the compiler is told of an object of C; None for another object.

    `("function", name, address, types of the parameters, type of the result)`, `("module",)` for what is looked into by name,
    `("known", module, name)`, or `("refused", why)`.
    """
    try:
        for module, describe in (("numir.cfuncs", _cfunc), ("ctypes", _ctypes), ("_cffi_backend", _cffi)):
            known = sys.modules.get(module)
            told = None if known is None else describe(known, thing)
            if told is not None:
                return told
    except Refused as why:
        return ("refused", str(why))
    return None


def address_of(thing):
    """The address that an object stands for where a pointer is declared: None, a pointer of ctypes or cffi, an int."""
    if thing is None:
        return 0
    ctypes = sys.modules.get("ctypes")
    if ctypes is not None:
        if isinstance(thing, (ctypes.c_void_p, ctypes.c_char_p, ctypes._Pointer, ctypes.Array, ctypes._CFuncPtr)):
            return ctypes.cast(thing, ctypes.c_void_p).value or 0
        if isinstance(getattr(thing, "_as_parameter_", None), ctypes.c_void_p):
            return thing._as_parameter_.value or 0
    cffi = sys.modules.get("_cffi_backend")
    if cffi is not None and isinstance(thing, cffi._CDataBase):
        if cffi.typeof(thing).kind in ("pointer", "array", "function"):
            return _cffi_address(cffi, thing)
    if hasattr(thing, "__index__"):
        return thing.__index__() % 2**64
    raise TypeError(f"an object of type {type(thing).__name__} is no address")


def _function(name, address, parameters, result):
    if not address:
        raise Refused(f"the C function {name}() is a NULL pointer")
    return ("function", name, address, parameters, result)


def _cfunc(cfuncs, thing):
    if not isinstance(thing, cfuncs.CFunc):
        return None
    signature = thing.signature
    return _function(
        thing.__name__,
        thing.address,
        [_spelling(ty) for ty in signature.args],
        _spelling(signature.return_type),
    )


def _spelling(ty):
    """The type as C has it: of its own width, not Python's."""
    return getattr(ty, "numpy", ty).spelling


# Types of ctypes and cffi.


def _ctypes(ctypes, thing):
    if isinstance(thing, ctypes.CDLL):
        return ("module",)
    if not isinstance(thing, ctypes._CFuncPtr):
        return None
    name = getattr(thing, "__name__", None) or "<pointer>"
    if thing._flags_ & ctypes._FUNCFLAG_PYTHONAPI:
        raise Refused(f"the C function {name}() {_NEEDS_GIL}")
    if thing.argtypes is None:
        raise Refused(
            f"ctypes function {name!r} doesn't define its argument types: declare them, as in "
            f"`{name}.argtypes = [ctypes.c_double]`"
        )
    if getattr(thing, "errcheck", None) is not None:
        raise Refused(f"the C function {name}() has an errcheck, which is Python's to call")
    parameters = [_ctypes_type(ctypes, ty, f"argument {n} of") for n, ty in enumerate(thing.argtypes, 1)]
    result = "None" if thing.restype is None else _ctypes_type(ctypes, thing.restype, "the result of")
    told = [ty for ty in (*parameters, result) if isinstance(ty, Refused)]
    if told:
        raise Refused(f"the C function {name}() cannot be called: {told[0]}")
    return _function(name, ctypes.cast(thing, ctypes.c_void_p).value, parameters, result)


# The letters of the numbers among the types of ctypes, and the first part of the name of each; its size is the rest.
_NUMBERS = {"f": "float", "d": "float", "g": "float"} | dict.fromkeys("bhilq", "int") | dict.fromkeys("BHILQ", "uint")


def _number(kind, size):
    name = f"{kind}{8 * size}"
    return name if name in ("float32", "float64") or kind != "float" and size in (1, 2, 4, 8) else None


def _ctypes_type(ctypes, ty, place):
    """The type's spelling; or what is wrong with it."""
    # Arrays are handed over as pointers; the types of np.ctypeslib.ndpointer take what lies in arrays.
    if isinstance(ty, type) and hasattr(ty, "_ndim_") and hasattr(ty, "_dtype_"):
        return "voidptr" if ty._dtype_ is None else f"CPointer({ty._dtype_.name})"
    if isinstance(ty, type) and issubclass(ty, (ctypes._Pointer, ctypes.Array)):
        to = _ctypes_type(ctypes, ty._type_, place) if isinstance(ty._type_, type) else None
        return f"CPointer({to})" if isinstance(to, str) and _is_number(to) else "voidptr"
    if isinstance(ty, type) and issubclass(ty, ctypes._CFuncPtr):
        return "voidptr"
    if isinstance(ty, type) and issubclass(ty, (ctypes.Structure, ctypes.Union)):
        return Refused(f"{place} it is a struct, {ty.__name__}; only numbers and pointers can be handed over")
    letter = getattr(ty, "_type_", None)
    if letter == "?":
        return "np.bool"
    if letter in ("P", "z", "Z"):
        return "voidptr"
    number = _number(_NUMBERS[letter], ctypes.sizeof(ty)) if letter in _NUMBERS else None
    return number or Refused(
        f"{place} it is {getattr(ty, '__name__', ty)!s}; only numbers and pointers can be handed over"
    )


def _is_number(spelling):
    return spelling == "np.bool" or spelling.startswith(("int", "uint", "float"))


def _cffi(cffi, thing):
    kind = type(thing)
    if isinstance(thing, cffi.FFI) or kind.__name__ == "FFI" and kind.__module__ == "cffi.api":
        return ("module",)
    if isinstance(thing, cffi.Lib) or kind.__name__.startswith("FFILibrary") and kind.__module__ == "cffi.api":
        return ("module",)
    own = getattr(thing, "__self__", None)
    if getattr(thing, "__name__", None) == "from_buffer" and _cffi(cffi, own) == ("module",):
        return ("known", "cffi", "from_buffer")
    if isinstance(own, cffi.Lib) and kind.__name__ == "builtin_function_or_method":
        # A function of a compiled module: it knows its library, which knows its type and where it is.
        name, ffi = thing.__name__, cffi.FFI()
        return _cffi_function(cffi, name, ffi.typeof(thing), _cffi_address(cffi, ffi.addressof(own, name)))
    if isinstance(thing, cffi._CDataBase):
        ty = cffi.typeof(thing)
        if ty.kind == "function":
            return _cffi_function(cffi, "<pointer>", ty, _cffi_address(cffi, thing))
    return None


def _cffi_address(cffi, thing):
    return int(cffi.cast(cffi.new_primitive_type("uintptr_t"), thing))


def _cffi_function(cffi, name, ty, address):
    if ty.ellipsis:
        raise Refused(f"the C function {name}() takes any number of arguments, which compiled code cannot hand over")
    parameters = [_cffi_type(cffi, one, f"argument {n} of") for n, one in enumerate(ty.args, 1)]
    result = _cffi_type(cffi, ty.result, "the result of")
    told = [one for one in (*parameters, result) if isinstance(one, Refused)]
    if told:
        raise Refused(f"the C function {name}() cannot be called: {told[0]}")
    return _function(name, address, parameters, result)


def _cffi_type(cffi, ty, place):
    """The type's spelling; or what is wrong with it."""
    if ty.kind == "void":
        return "None"
    if ty.kind == "pointer":
        to = _cffi_type(cffi, ty.item, place)
        return f"CPointer({to})" if isinstance(to, str) and _is_number(to) else "voidptr"
    if ty.kind in ("function", "array"):
        return "voidptr"
    number = None
    if ty.kind == "enum" or ty.kind == "primitive" and ty.cname not in ("char", "wchar_t", "char16_t", "char32_t"):
        if ty.cname == "_Bool":
            return "np.bool"
        if "_Complex" not in ty.cname and "long double" not in ty.cname:
            value = cffi.cast(ty, -1)
            kind = "float" if ty.cname in ("float", "double") else "int" if int(value) < 0 else "uint"
            number = _number(kind, cffi.sizeof(ty))
    return number or Refused(f"{place} it is {ty.cname}; only numbers and pointers can be handed over")
