"""Arguments that are not handed to compiled code as they are: objects with an array behind them, and those that do not fit."""

import sys
from types import FunctionType

import numpy as np


def array_of(thing):
    """The array behind an object, sharing its memory; one that had to be made is read-only, since what is written there is lost. An array
    on a device stays there."""
    if hasattr(thing, "__cuda_array_interface__"):
        from numir.cuda import as_cuda_array

        return as_cuda_array(thing)
    if hasattr(thing, "__array_interface__") or hasattr(thing, "__array__"):
        array = np.asarray(thing)
    else:
        array = np.from_dlpack(thing)
    if array.flags.owndata and sys.getrefcount(array) <= 2:
        array.flags.writeable = False
    return array


def explain(function, arguments, keywords):
    """Raise what Python says when a function is called with arguments that do not fit its parameters."""
    code = function.__code__
    if code.co_flags & 0x08:
        from numir.errors import UnsupportedError

        name = code.co_varnames[code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x04)]
        raise UnsupportedError(f"{function.__qualname__}(): the parameter `**{name}` is not compiled yet")
    _stub(function)(*arguments, **keywords)


def _stub(function):
    """A function of the same name and parameters that does nothing."""
    code = function.__code__
    variables = iter(code.co_varnames)
    positional = [next(variables) for _ in range(code.co_argcount)]
    keyword_only = [next(variables) for _ in range(code.co_kwonlyargcount)]
    rest = f"*{next(variables)}" if code.co_flags & 0x04 else "*"
    parameters = positional[: code.co_posonlyargcount] + ["/"] * bool(code.co_posonlyargcount)
    parameters += positional[code.co_posonlyargcount :]
    if keyword_only or rest != "*":
        parameters += [rest, *keyword_only]
    scope = {}
    exec(f"def stub({', '.join(parameters)}): pass", scope)
    stub = FunctionType(scope["stub"].__code__, scope, function.__name__, function.__defaults__)
    stub.__qualname__ = function.__qualname__
    stub.__kwdefaults__ = function.__kwdefaults__
    return stub
