"""Where tests of kernels run: on the simulator, or with NUMIR_TEST_GPU=1 on a GPU."""

import linecache
import os

ON_GPU = os.environ.get("NUMIR_TEST_GPU") == "1"
TARGET = "cuda" if ON_GPU else "cuda-sim"

# What `cuda.jit` is told so.
SIM = {"target": TARGET}


def defined(source, name, **scope):
    """The function of that name that a text defines, from a file of its own, as functions are compiled from their source."""
    path = f"<{name} of {hash(source)}>"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    exec(compile(source, path, "exec"), scope)
    return scope[name]
