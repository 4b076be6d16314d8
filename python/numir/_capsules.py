"""The C functions that Cython modules export, each in a capsule whose name is the function's C signature."""

import ctypes
import importlib

# Prototypes of our own: those under ctypes.pythonapi are shared with everybody who sets their argtypes.
_name = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", ctypes.pythonapi))
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


def function_address(module_name, function_name):
    """The address of an exported function; a ValueError where the module exports none of that name."""
    module = importlib.import_module(module_name)
    exports = getattr(module, "__pyx_capi__", None)
    if exports is None:
        raise ValueError(f"the module {module_name!r} exports no C functions: it has no __pyx_capi__")
    if function_name not in exports:
        raise ValueError(f"the module {module_name!r} exports no C function {function_name!r}")
    capsule = exports[function_name]
    signature = _name(capsule)
    # Variables are exported in the same way; calling one would jump into data.
    if signature is None or b"(" not in signature:
        kind = "something without a type" if signature is None else f"a variable of the type {signature.decode()}"
        raise ValueError(f"{function_name!r} of the module {module_name!r} is no function but {kind}")
    return _pointer(capsule, signature)
