"""Where the sources of live functions are, and which objects have a name that the compiler knows.

The compiler asks for what it needs of a function; the answers are found here, only when something is compiled.
"""

import builtins
import linecache
import math
import operator
import os
import sys
from types import CodeType

import numpy as np


def locate(function):
    """Path, first line, and for a lambda how many lambdas begin before it from that line on."""
    code = function.__code__
    _, line = _found(function)
    lambda_number = _lambda_number(function, line) if code.co_name == "<lambda>" else None
    return code.co_filename, line, lambda_number


def text(function):
    """Path and text of the file that a function stands in; an error that says so where it cannot be had."""
    return function.__code__.co_filename, _found(function)[0]


def provide(path, first, lines):
    """Make lines known as those of a path from the line `first` on, where they are not what stands there already."""
    linecache.checkcache(path)
    known = linecache.getlines(path)
    end = first - 1 + len(lines)
    if known[first - 1 : end] == lines:
        return
    merged = known + ["\n"] * (end - len(known))
    merged[first - 1 : end] = lines
    # Without a time of change, it stays whatever the file does.
    linecache.cache[path] = (sum(map(len, merged)), None, merged, path)


def is_cell(path):
    """Whether a path names what is no file but has a text: a notebook's cell, whose name differs each time it is run, and the like."""
    return path.startswith("<") or os.path.basename(os.path.dirname(path)).startswith("ipykernel_")


def definition(function):
    """Path, whether that is a cell's, the lines of the definition, and what Python made of them, as text that compares."""
    code = function.__code__
    path = code.co_filename
    source, start = _found(function)
    lines = source.splitlines(keepends=True)
    end = last = max(_last_line(code), code.co_firstlineno) + start - code.co_firstlineno
    first = lines[start - 1]
    indent = len(first) - len(first.lstrip())
    # The last statement may go on below its first line; what begins the next is indented no deeper than the definition.
    for number, line in enumerate(lines[last:], last + 1):
        content = line.lstrip()
        if content and content[0] != "#":
            if content[0] not in ")]}" and len(line) - len(content) <= indent:
                break
            end = number
    return path, is_cell(path), "".join(lines[start - 1 : end]), _comparable(code)


def _last_line(code):
    inner = [_last_line(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return max([line for _, _, line in code.co_lines() if line is not None] + inner, default=0)


def _comparable(constant):
    """A constant of a code object as text that is the same in every process."""
    if isinstance(constant, CodeType):
        parts = (constant.co_code, constant.co_names, constant.co_varnames)
        return f"{parts}{[_comparable(inner) for inner in constant.co_consts]}"
    if isinstance(constant, frozenset):
        return f"{sorted(map(_comparable, constant))}"
    if isinstance(constant, tuple):
        return f"({','.join(map(_comparable, constant))})"
    return repr(constant)


def lines_of(function):
    """Path, first line and lines of a function's definition."""
    import inspect

    source, first = _found(function)
    return function.__code__.co_filename, first, inspect.getblock(source.splitlines(keepends=True)[first - 1 :])


def _found(function):
    """The text that a function was made from and its line there, which is another one where the file has changed above it."""
    from numir import _texts

    code = function.__code__
    texts = _texts.texts(function)
    for source, is_certain in texts:
        line = code.co_firstlineno if is_certain else _texts.line_of(code, source)
        if line is not None:
            return source, line
    if texts:
        why = f"what {code.co_filename!r} holds now is not what it was made from"
    else:
        why = f"{code.co_filename!r} has no text that Python knows of"
    from numir import errors

    raise errors.UnsupportedError(
        f"the source of {function.__qualname__}() cannot be found: {why}. "
        "Functions are compiled from their source: define it in a file, or in IPython or Jupyter"
    )


def _lambda_number(function, line):
    """Which of the lambdas from its first line on a lambda is."""
    import ast

    code = function.__code__
    path, source = text(function)
    tree = ast.parse(source)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and node.lineno >= line]
    nodes.sort(key=lambda node: (node.lineno, node.col_offset))
    candidates = [number for number, node in enumerate(nodes) if node.lineno == line]
    extent = _extent(code, line - code.co_firstlineno)
    if extent is not None:
        # Of those that hold all its places the innermost, which begins last.
        around = [number for number in candidates if _holds(nodes[number].body, extent)]
        candidates = around[::-1] or candidates
    else:
        candidates = [number for number in candidates if _same_code(nodes[number], code, path)] or candidates
    return candidates[0] if candidates else 0


def _extent(code, offset):
    """Line and column of the first and behind the last place of a function's expression, its lines counted `offset` further; None
    where Python does not tell (3.10, or -X no_debug_ranges)."""
    if not hasattr(code, "co_positions"):
        return None
    places = [place for place in code.co_positions() if None not in place and place[2:] != (0, 0)]
    if not places:
        return None
    first = min((first, column) for first, _, column, _ in places)
    last = max((last, column) for _, last, _, column in places)
    return (first[0] + offset, first[1]), (last[0] + offset, last[1])


def _holds(node, extent):
    first, last = extent
    return (node.lineno, node.col_offset) <= first and last <= (node.end_lineno, node.end_col_offset)


def _same_code(node, code, path):
    """Whether compiling a lambda's syntax gives the code of a function."""
    import ast

    module = compile(ast.Expression(node), path, "eval")
    other = next(constant for constant in module.co_consts if hasattr(constant, "co_code"))
    if other.co_varnames != code.co_varnames or other.co_argcount != code.co_argcount:
        return False
    # Alone, what it captures are globals.
    if set(other.co_names) != {*code.co_names, *code.co_freevars}:
        return False
    return [c for c in other.co_consts if not hasattr(c, "co_code")] == [
        c for c in code.co_consts if not hasattr(c, "co_code")
    ]


# Modules whose functions and classes are known by the names that they have there; and those for which that is so once the program has
# imported them, which takes as long as all of a call from the cache.
_MODULES = {
    "math": math,
    "builtins": builtins,
    "numpy": np,
    "operator": operator,
    "_operator": operator,
}
_LATE = ("cmath", "numpy.random", "random", "numpy.linalg", "numpy.fft", "numpy.lib.stride_tricks")


def overloaded(thing):
    """The name of what has implementations for compiled code that depend on types, and whether it is an attribute; else None."""
    # Who has registered none, and has made no ufunc, has loaded neither module.
    if "numir._overloads" not in sys.modules and "numir._elementwise" not in sys.modules:
        return None
    from numir import _overloads

    return _overloads.name_of(thing)


def known(thing):
    """Module and name by which the compiler knows an object; None if it has no such name."""
    own = getattr(thing, "__numir_name__", None)
    if isinstance(own, str):
        module, _, name = f"numir.{own}".rpartition(".")
        return (module, name)
    if isinstance(thing, np.dtype):
        return ("numpy", thing.type.__name__.rstrip("_"))
    if isinstance(thing, type) and issubclass(thing, np.generic):
        return ("numpy", thing.__name__)
    name = getattr(thing, "__name__", None)
    if not isinstance(name, str):
        return None
    module = getattr(thing, "__module__", None)
    if isinstance(module, str) and module.startswith("numir"):
        return ("numir", name)
    for known_module in (module, "numpy", "builtins", "numpy.random", "random"):
        members = _MODULES.get(known_module) or (sys.modules.get(known_module) if known_module in _LATE else None)
        if members is not None and getattr(members, name, None) is thing:
            return (known_module, name)
    return None
