"""What Numba has for those who extend it: implementations for compiled code, written as Python functions and chosen by type."""

from numir.decorators import register_jitable

__all__ = [
    "get_cython_function_address",
    "is_jitted",
    "overload",
    "overload_attribute",
    "overload_method",
    "register_jitable",
]


def overload(func, jit_options=None, strict=True, inline="never", prefer_literal=False, **given):
    """Give compiled code an implementation of a function that is not compiled itself.

    The decorated function is called with the types of a call's arguments (numir.types), and returns the function that implements
    the call, with the same parameters, or None where it has none for these types. Where several are given for one function, the
    latest that returns one decides. `prefer_literal` asks with the types of constants, such as strings, first.
    """

    def decorate(chooser):
        from numir import _overloads

        _overloads.add(func, chooser, prefer_literal)
        return chooser

    _refuse_more(given)
    if not callable(func):
        raise TypeError(f"overload() takes a function, not {func!r}")
    return decorate


def overload_method(typ, attr, prefer_literal=False, **given):
    """The same for the method `attr` of the values of a type, or of all types of a class such as types.Array."""
    return _member(typ, attr, False, prefer_literal, given)


def overload_attribute(typ, attr, prefer_literal=False, **given):
    """The same for the attribute `attr` of the values of a type, or of all types of a class such as types.Array."""
    return _member(typ, attr, True, prefer_literal, given)


def _member(kind, name, is_property, prefer_literal, given):
    def decorate(chooser):
        from numir import _overloads

        _overloads.add_member(kind, name, is_property, chooser, prefer_literal)
        return chooser

    from numir.types import Type

    given = {name: value for name, value in given.items() if name not in ("jit_options", "strict", "inline")}
    _refuse_more(given)
    if not (isinstance(kind, Type) or isinstance(kind, type) and issubclass(kind, Type)):
        raise TypeError(f"{kind!r} is neither a type nor a class of types of numir.types")
    return decorate


def _refuse_more(given):
    if given:
        raise TypeError(f"unexpected keyword argument {next(iter(given))!r}")


def is_jitted(function):
    """Whether something is a compiled function."""
    import sys

    # Who has made none has not loaded the module.
    made = sys.modules.get("numir.dispatcher")
    return made is not None and isinstance(function, made.Dispatcher)


def get_cython_function_address(module_name, function_name):
    """The address of a C function that a Cython module exports, for a function type of ctypes: `CFUNCTYPE(...)(address)`."""
    from numir._capsules import function_address

    return function_address(module_name, function_name)
