"""How many threads work on parallel loops, and in how large parts: Numba's functions of that."""

from numir import config


def _native(name):
    """The function of the extension module; None where nothing is compiled."""
    if config.DISABLE_JIT:
        return None
    from numir import _numir

    return getattr(_numir, name)


def get_num_threads():
    """How many threads a parallel loop gets that this thread starts."""
    native = _native("get_num_threads")
    return native() if native else 1


def set_num_threads(n):
    """Let parallel loops that this thread starts use `n` threads, at most as many as there are."""
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError("The number of threads specified must be an integer")
    native = _native("set_num_threads")
    if n.__index__() < 1:
        raise ValueError(f"The number of threads must be at least 1, not {n}")
    if native:
        native(n.__index__())


def get_thread_id():
    """The number of the thread that runs this, 0 outside of parallel loops."""
    native = _native("get_thread_id")
    return native() if native else 0


def threading_layer():
    """The name of what runs parallel loops: there is one, a pool of numir's own."""
    return "numir"


def get_parallel_chunksize():
    """The size of the parts that parallel loops are split into; 0 leaves it to the runtime."""
    native = _native("get_parallel_chunksize")
    return native() if native else 0


def set_parallel_chunksize(n):
    """Split parallel loops into parts of `n` iterations, or as the runtime likes (0). The former size is returned."""
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError("The parallel chunksize must be an integer")
    if n.__index__() < 0:
        raise ValueError("chunksize must be greater than or equal to zero")
    native = _native("set_parallel_chunksize")
    return native(n.__index__()) if native else 0


class parallel_chunksize:
    """`with parallel_chunksize(n):` sets the size of the parts and puts the former one back, in compiled code too."""

    def __init__(self, size):
        self._size = size
        self._former = None

    def __enter__(self):
        self._former = set_parallel_chunksize(self._size)
        return self._former

    def __exit__(self, *error):
        set_parallel_chunksize(self._former)
