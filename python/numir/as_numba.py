"""`python -m numir.as_numba script.py …` runs a script as it is, with numir in the place of Numba.

`import numba`, `from numba.core import errors` and the like find numir's modules of these names. What numir does not have is not there:
an ImportError or AttributeError says its name.
"""

import sys

from numir import _absent

# Numba's modules, by the names without `numba.`, and numir's that stand for them.
MODULES = {
    "core.config": "config",
    "core.decorators": "decorators",
    "core.dispatcher": "dispatcher",
    "core.errors": "errors",
    "core.types": "types",
    "extending": "extending",
    "misc.special": "decorators",
    "np.numpy_support": "types",
    "np.ufunc": "ufuncs",
    "types": "types",
}


def install():
    """Put numir in the place of Numba for all imports from now on."""
    import numir

    sys.modules["numba"] = numir
    sys.meta_path.insert(0, _Finder())


def _missing(below):
    """The error for a module `numba.below` that numir does not have."""
    name = f"numba.{below}"
    return ModuleNotFoundError(f"numir has no module for {name}{_absent.reason(below)}", name=name)


class _Finder:
    """Finds `numba.something` as numir's module that stands for it."""

    def find_spec(self, name, path=None, target=None):
        """A spec whose loader gives the module of numir; None for other names."""
        # `from numba import cuda` looks for a module below numir.
        if name.startswith("numir.") and name.removeprefix("numir.") in _absent.REASONS:
            raise _missing(name.removeprefix("numir."))
        if not name.startswith("numba."):
            return None
        below = name.removeprefix("numba.")
        if below in _absent.REASONS:
            raise _missing(below)
        from importlib.machinery import ModuleSpec
        from importlib.util import find_spec

        own = f"numir.{MODULES.get(below, below)}"
        try:
            known = find_spec(own) is not None
        except ModuleNotFoundError:
            known = False
        if not known and any(module.startswith(below + ".") for module in MODULES):
            return ModuleSpec(name, _Package(), is_package=True)
        if not known:
            raise _missing(below)
        return ModuleSpec(name, _Loader(own))


class _Loader:
    """Gives a module of numir for a module of Numba."""

    def __init__(self, own):
        self.own = own

    def create_module(self, spec):
        """An empty module, which is not kept."""
        return None

    def exec_module(self, module):
        """Put numir's module where the import system looks for the result."""
        from importlib import import_module

        sys.modules[module.__name__] = import_module(self.own)


class _Package:
    """A package that is there only for the modules in it."""

    def create_module(self, spec):
        """The import system's own."""
        return None

    def exec_module(self, module):
        """Nothing is left to do."""


def main(arguments):
    """Run the script that the arguments begin with as __main__."""
    if not arguments:
        sys.exit("usage: python -m numir.as_numba script.py [arguments]")
    import os
    import runpy

    install()
    sys.argv = list(arguments)
    sys.path[0] = os.path.dirname(os.path.abspath(arguments[0]))
    runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
