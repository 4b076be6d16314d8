"""Numba's test modules with numir's names: a module's own imports are answered from numir, Numba itself stays as it is.

A test module is executed from its file in the installed package, with a `__import__` of its own among its built-in names. What it imports
from `numba` comes from numir; `numba.tests.support` and internals of Numba come from Numba, whose test support needs them. What users call and
numir does not have is a `Missing`, which says so when it is used.
"""

import builtins
import importlib
import importlib.util
import sys
import types as python_types

import numba.tests.support  # noqa: F401 - with Numba's own names, before any other
import numir
import numir.errors
import numir.extending
import numir.types

# Numba's modules, and the names in them that are for users: where numir has none there is none.
_USERS = (
    "numba",
    "numba.extending",
    "numba.typed",
    "numba.experimental",
    "numba.core.extending",
    "numba.core.decorators",
)
_OWN = {
    "numba": numir,
    "numba.core.extending": numir.extending,
    "numba.extending": numir.extending,
    "numba.types": numir.types,
    "numba.core.types": numir.types,
    "numba.core.errors": numir.errors,
}
_OWN |= {"numba.np.numpy_support": numir.types, "numba.core.decorators": numir}
_SHARED = ("numba.tests.support", "numba.testing", "numba.misc")


class Missing:
    """A name of Numba's that numir does not have. While a module is loaded it may be used as a decorator; later it says what is missing."""

    loading = False

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *arguments, **keywords):
        if Missing.loading:
            return self
        raise numir.errors.UnsupportedError(f"numir has no {self.__name__}")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self.__name__}.{name}")

    def __mro_entries__(self, bases):
        return (object,)


class Shim(python_types.ModuleType):
    """A module of Numba as a test sees it."""

    def __getattr__(self, name):
        # Tests load the functions of Numba's C library from its file.
        if name.startswith("__") and name != "__file__":
            raise AttributeError(name)
        path = f"{self.__name__}.{name}"
        own = _OWN.get(self.__name__)
        if path in _OWN or _is_module(path):
            return module(path)
        if own is not None and hasattr(own, name):
            return getattr(own, name)
        if self.__name__ in _USERS:
            return Missing(path)
        return getattr(importlib.import_module(self.__name__), name)


_shims = {}


def _is_module(path):
    try:
        return importlib.util.find_spec(path) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def module(path):
    """The module of this name, as tests see it."""
    if path.startswith(_SHARED):
        return importlib.import_module(path)
    if path not in _shims:
        # What tests share among them is executed as they are; else Numba would compile it.
        _shims[path] = load(path) if path.startswith("numba.tests.") else Shim(path)
    return _shims[path]


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    if level:
        name = importlib.util.resolve_name("." * level + name, globals["__package__"])
    if name.split(".")[0] != "numba":
        return builtins.__import__(name, globals, locals, fromlist)
    return module(name) if fromlist else module("numba")


def load(name):
    """Numba's test module of this name, executed with numir's names."""
    spec = importlib.util.find_spec(name)
    loaded = python_types.ModuleType(name)
    loaded.__file__, loaded.__package__ = spec.origin, name.rpartition(".")[0]
    loaded.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import}
    loaded.__spec__ = spec
    sys.modules[name] = loaded
    with open(spec.origin, encoding="utf-8") as file:
        code = compile(file.read(), spec.origin, "exec")
    outer, Missing.loading = Missing.loading, True
    exec(code, loaded.__dict__)
    Missing.loading = outer
    return loaded
