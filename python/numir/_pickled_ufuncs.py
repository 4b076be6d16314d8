"""Pickling ufuncs: NumPy's go by name alone, those of the program by value where no name leads to them, as compiled functions do."""

import copyreg
import sys
from collections import deque

import numpy as np

from numir import _numir

# What was made of functions that came by value, the last ones: they may come again with each task of a pool.
_made = deque(maxlen=64)


def made_once(function, make):
    """What was made of a function before, or is made of it now."""
    for known, made in _made:
        if known is function:
            return made
    made = make()
    _made.append((function, made))
    return made


_as_numpy = copyreg.dispatch_table[np.ufunc]


def _reduce(ufunc):
    """What `pickle` needs for a ufunc: as NumPy's by its name, where the name of one of ours leads back to it; else by value."""
    owner = _numir.ufunc_owner(ufunc)
    if owner is None:
        return _as_numpy(ufunc)
    module = owner.function.__module__
    named = getattr(sys.modules.get(module), ufunc.__name__, None) is ufunc
    return _as_numpy(ufunc) if named and module not in ("__main__", "__mp_main__") else owner.reduced()


copyreg.pickle(np.ufunc, _reduce)
