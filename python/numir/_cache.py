"""Where functions with `cache=True` are kept: NUMIR_CACHE_DIR; or `__pycache__` beside the source, and where that cannot be written, a
folder of the user's. What the files hold is the extension module's business.
"""

import os

from numir import _source, config


def user_folder():
    """The folder for what has no `__pycache__`: a notebook's cells, and modules that others have installed."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "numir")


def place(function):
    """The folders to look for a function in, which are tried in this order when it is written; and how its files' names begin."""
    code = function.__code__
    is_cell = _source.is_cell(code.co_filename)
    path = "cells" if is_cell else os.path.abspath(code.co_filename)
    parent, file = os.path.split(path)
    module = "cell" if is_cell else os.path.splitext(file)[0]
    name = "".join(letter if letter.isalnum() or letter in "._" else "-" for letter in function.__qualname__)
    stem = f"{module}.{name}-{code.co_firstlineno}".encode()[:100].decode(errors="ignore")
    if config.CACHE_DIR:
        return [_below(config.CACHE_DIR, parent)], stem
    folders = [] if is_cell else [os.path.join(parent, "__pycache__")]
    return [*folders, _below(user_folder(), parent)], stem


def _below(folder, parent):
    """One folder for each that sources stand in, so that none grows large; two may share one."""
    from zlib import crc32

    return os.path.join(folder, f"{os.path.basename(parent) or 'cells'}_{crc32(os.fsencode(parent)):08x}")


def warn(name, message):
    """Say that a function is compiled anew each time."""
    import warnings

    from numir.errors import NumbaWarning

    warnings.warn(f"{name}() cannot be kept in the cache: {message}", NumbaWarning, stacklevel=2)
