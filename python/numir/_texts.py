"""Where the text of a function can be: its file, what IPython or Jupyter remember of a cell, the command line, standard input.

A text may not be the one that the function was made from: files are edited while a program runs, and `<string>` is anything. Where that
cannot be ruled out the text is compiled by Python, and must give the function's code.
"""

import functools
import linecache
import os
import sys
import time
import weakref

# When files were certainly not changed yet after what was imported from them.
_STARTED = time.time_ns()

# What a function's file was like when the function was decorated: time of change and size.
_stamps = weakref.WeakKeyDictionary()


# What numir has written itself, by the paths that stand for it: as `linecache` keeps texts, which anybody may clear.
_written = {}


def execute(text, path, scope):
    """Run a text that numir has written, known to errors and to the compiler by a path that is none."""
    _written[path] = (len(text), None, text.splitlines(keepends=True), path)
    linecache.cache[path] = _written[path]
    exec(compile(text, path, "exec"), scope)


def note(function):
    """Note what a function's file is like now, which is when it was made."""
    stamp = _stamp(function.__code__.co_filename)
    if stamp is not None:
        _stamps[function] = stamp


def _stamp(path):
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def texts(function):
    """Texts that a function may have been made from, and whether that is certain."""
    path = function.__code__.co_filename
    if path == "<string>":
        return [(command, False) for command in _command()]
    if path == "<stdin>":
        return [(read, False) for read in _standard_input()]
    linecache.checkcache(path)
    if path in _written:
        linecache.cache[path] = _written[path]
    lines = linecache.getlines(path, function.__globals__)
    if lines:
        return [("".join(lines), _is_unchanged(function, path))]
    # The module may have been moved, or only its source is elsewhere.
    module = sys.modules.get(function.__module__)
    source = getattr(module, "__file__", None)
    lines = linecache.getlines(source) if source and source.endswith(".py") else []
    return [("".join(lines), False)] if lines else []


def _is_unchanged(function, path):
    now = _stamp(path)
    if now is None:
        # No file: a cell, whose text never changes, or a file in an archive.
        return True
    known = _stamps.get(function)
    return now == known if known is not None else now[0] < _STARTED


def _command():
    """What `python -c` was given."""
    arguments = getattr(sys, "orig_argv", [])
    return [arguments[place + 1] for place in range(1, len(arguments) - 1) if arguments[place].endswith("c")]


def _standard_input():
    """Standard input once more, where it is a file."""
    try:
        size = os.fstat(0).st_size
        read = os.pread(0, size, 0).decode() if size else ""
    except (OSError, UnicodeDecodeError):
        return []
    return [read] if read else []


def line_of(code, text):
    """The line of the function whose code this is in a text that Python compiles; None where it is not there."""
    found = [other.co_firstlineno for other in _codes(text) if _are_same(code, other)]
    return min(found, key=lambda line: abs(line - code.co_firstlineno), default=None)


@functools.lru_cache(maxsize=8)
def _codes(text):
    """The code of all functions in a text."""
    try:
        open_codes = [compile(text, "<text>", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError):
        return ()
    found = []
    while open_codes:
        code = open_codes.pop()
        found.append(code)
        open_codes.extend(constant for constant in code.co_consts if hasattr(constant, "co_code"))
    return tuple(found)


def _are_same(left, right):
    """Whether two code objects do the same, wherever they stand."""
    names = ("co_name", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags")
    if any(getattr(left, name) != getattr(right, name) for name in names):
        return False
    pairs = list(zip(left.co_consts, right.co_consts))
    return len(left.co_consts) == len(right.co_consts) and all(_are_same_constants(*pair) for pair in pairs)


def _are_same_constants(left, right):
    if hasattr(left, "co_code") and hasattr(right, "co_code"):
        return _are_same(left, right)
    return type(left) is type(right) and repr(left) == repr(right)
