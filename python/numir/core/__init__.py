"""`numir.core.errors`, `numir.core.types`, `numir.core.config`: the modules where Numba has them."""

import sys

from numir import config, errors, types

for _module in (config, errors, types):
    sys.modules[_module.__name__.replace("numir.", "numir.core.")] = _module

__all__ = ["config", "errors", "types"]
