"""Pickling compiled functions: by name where the name leads back to the function, else by value: the code and what it refers to.

A function of `__main__` goes by value, since another process may have another `__main__`. What goes with the code are the globals that it
names, its closure, and its lines of source, from which the other process compiles; Python functions that it calls go the same way.
Cycles are no matter: what a function refers to is its state for pickle, set after the function is made.
"""

import importlib
import marshal
import re
import sys
import weakref
from collections import deque
from importlib.util import MAGIC_NUMBER
from types import CellType, CodeType, FunctionType, ModuleType
from uuid import uuid4

from numir import _numir, _source, dispatcher, errors

_OBJECT = re.compile(r"\bobject \d")

# Functions by the identifiers that they go under, so that what returns to a process, or comes to it twice, is compiled once.
_known = weakref.WeakValueDictionary()
# Those made last live on, though their user may come back for each task with the bytes alone.
_recent = deque(maxlen=64)
# Those that still wait for what they refer to.
_empty = weakref.WeakSet()
# The stand-ins of Python functions by the functions' addresses, as long as a pickler holds them.
_stand_ins = weakref.WeakValueDictionary()


class _EmptyCell:
    """What a closure's cell without a value goes as."""


class _StandIn:
    """A Python function that goes by value; it arrives as the function."""

    def __init__(self, function):
        self.function = function

    def __reduce__(self):
        return _function, _parts(self.function), _references(self.function), None, None, _refer


class _Module:
    """A module; it arrives as the module."""

    def __init__(self, module):
        self.name = module.__name__

    def __reduce__(self):
        return importlib.import_module, (self.name,)


def reduce(compiled):
    """What `pickle` needs to make a compiled function again."""
    if _has_name(compiled):
        return compiled.__qualname__
    function = compiled.py_func
    identifier = compiled.__dict__.get("_pickled_as")
    if identifier is None:
        identifier = compiled._pickled_as = uuid4().hex
        _known[identifier] = compiled
    declared = None
    if _numir.is_closed(compiled):
        declared = [parameters for parameters, _, _ in _numir.specialisations(compiled) if not _has_object(parameters)]
    state = (_references(function), declared)
    return _dispatcher, (identifier, compiled.options, *_parts(function)), state, None, None, _complete


def _has_object(parameters):
    """Whether one of the types is a function or the like, which is called by a number of this process."""
    return any(_OBJECT.search(ty) for ty in parameters)


def _has_name(thing):
    module = getattr(thing, "__module__", None)
    if module in (None, "__main__", "__mp_main__"):
        return False
    found = sys.modules.get(module)
    for part in thing.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is thing


def _parts(function):
    """What a function is made from."""
    attributes = {name: getattr(function, name) for name in ("__module__", "__qualname__", "__doc__")}
    attributes["__kwdefaults__"] = _portable(function.__kwdefaults__)
    if hasattr(function, "__numir_options__"):
        attributes["__numir_options__"] = function.__numir_options__
    code = MAGIC_NUMBER, marshal.dumps(function.__code__)
    return code, _lines(function), function.__name__, _portable(function.__defaults__), attributes


def _lines(function):
    """The function's lines and the number of the first; for a lambda, of which any part of the lines may be, the whole file's."""
    try:
        if function.__code__.co_name == "<lambda>":
            return 1, _source.text(function)[1].splitlines(keepends=True)
        return function.__code__.co_firstlineno, _source.definition(function)[2].splitlines(keepends=True)
    except errors.UnsupportedError:
        # It may still run as Python's.
        return 1, []


def _references(function):
    """The globals that a function names, and the values of its closure."""
    scope = function.__globals__
    names = sorted(_names(function.__code__) | _annotations(function))
    values = {name: _portable(scope[name]) for name in names if name in scope}
    return values, [_content(cell) for cell in function.__closure__ or ()]


def _content(cell):
    try:
        return _portable(cell.cell_contents)
    except ValueError:
        return _EmptyCell()


def _names(code):
    """The globals that code, or the code of functions in it, loads."""
    import dis

    loads = ("LOAD_GLOBAL", "LOAD_NAME")
    names = {instruction.argval for instruction in dis.get_instructions(code) if instruction.opname in loads}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names(constant)
    return names


def _annotations(function):
    """The names in annotations, which the compiler reads and Python's code does not have."""
    import ast
    import textwrap

    try:
        tree = ast.parse(textwrap.dedent("".join(_lines(function)[1])))
    except SyntaxError:
        return set()
    found = set()
    for node in ast.walk(tree):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
                annotation = _parsed(annotation.value)
            if annotation is not None:
                found.update(inner.id for inner in ast.walk(annotation) if isinstance(inner, ast.Name))
    return found


def _parsed(text):
    import ast

    try:
        return ast.parse(text, mode="eval")
    except SyntaxError:
        return None


def _portable(value):
    """A value as something that pickle takes, if the value itself may not be."""
    if isinstance(value, ModuleType):
        return _Module(value)
    if isinstance(value, FunctionType) and not _has_name(value):
        stand_in = _stand_ins.get(id(value))
        if stand_in is None:
            stand_in = _stand_ins[id(value)] = _StandIn(value)
        return stand_in
    if type(value) is tuple:
        return tuple(map(_portable, value))
    if type(value) is dict:
        return {key: _portable(item) for key, item in value.items()}
    return value


def _function(code, lines, name, defaults, attributes):
    """A function that refers to nothing yet."""
    magic, code = code
    if magic != MAGIC_NUMBER:
        from pickle import UnpicklingError

        raise UnpicklingError(f"{name}() was pickled by another version of Python, whose code this one cannot read")
    code = marshal.loads(code)
    _source.provide(code.co_filename, *lines)
    scope = {"__name__": attributes["__module__"], "__builtins__": __builtins__}
    closure = tuple(CellType() for _ in code.co_freevars)
    function = FunctionType(code, scope, name, defaults, closure)
    for attribute, value in attributes.items():
        setattr(function, attribute, value)
    return function


def _refer(function, references):
    values, contents = references
    function.__globals__.update(values)
    for cell, content in zip(function.__closure__ or (), contents, strict=True):
        if not isinstance(content, _EmptyCell):
            cell.cell_contents = content


def _dispatcher(identifier, options, *parts):
    """The compiled function of this identifier, or one that refers to nothing yet."""
    compiled = _known.get(identifier)
    if compiled is None:
        compiled = dispatcher.make(_function(*parts), options)
        compiled._pickled_as = identifier
        _known[identifier] = compiled
        _empty.add(compiled)
    _recent.append(compiled)
    return compiled


def _complete(compiled, state):
    if compiled not in _empty:
        return
    references, declared = state
    _refer(compiled.py_func, references)
    _empty.discard(compiled)
    if declared is not None:
        for parameters in declared:
            _numir.compile(compiled, parameters)
        _numir.set_closed(compiled, True)
