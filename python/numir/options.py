"""The options of `jit`: one table says for each what it may be. What makes no sense here is an error that says why."""

from collections import namedtuple

FLAGS = frozenset(("nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc", "fast", "tf32", "bf16"))

_Options = namedtuple(
    "_Options",
    "parallel fastmath cache nogil boundscheck error_model inline debug locals target max_registers launch_bounds lineinfo",
    defaults=(False, frozenset(), False, False, None, "python", None, False, None, "cpu", None, (None, None), False),
)


class Options(_Options):
    """How a function is compiled.

    `fastmath` is the set of LLVM's flags, `boundscheck` and `inline` None where nothing is said, `locals` a dictionary of names
    to types or None, `target` what is compiled for: "cpu", "cuda", "cuda:sm_90" and the like, "cuda-sim". `nogil` changes nothing: compiled code never holds the GIL.
    Of kernels: `max_registers` of a thread, and `launch_bounds`, the most threads of a block and the least blocks of a multiprocessor; None where nothing is said. With `lineinfo`
    the code for a device tells which lines it is of.
    """

    __slots__ = ()

    def settings(self):
        """What holds for this one function, wherever it is called from: the compiler asks for it."""
        inline = None if self.inline is None else self.inline == "always"
        types = [(name, ty.spelling) for name, ty in (self.locals or {}).items()]
        kernel = self.max_registers, *self.launch_bounds, self.lineinfo or self.debug
        return ",".join(sorted(self.fastmath)) or None, self.parallel, inline, types, kernel

    @property
    def level(self):
        """How hard the compiler tries. For a debugger: not at all, so that every variable is where the source says."""
        return 0 if self.debug else 3


def make(name, given, kernels=False):
    """The options in the keywords of the decorator `name`, which may be one for kernels; TypeError for one that there is not."""
    if not given:
        return Options()
    table = _KERNEL_TABLE if kernels else _TABLE
    fields = {}
    for option, value in given.items():
        check = table.get(option)
        if check is None:
            raise TypeError(_unknown(name, option, table))
        value = check(option, value)
        if option in _Options._fields:
            fields[option] = value
    return Options(**fields)


def _unknown(name, option, table):
    from difflib import get_close_matches

    near = get_close_matches(option, table, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{name}() got an unexpected keyword argument {option!r}{hint}"


def _flag(option, value):
    if not isinstance(value, (bool, int)):
        raise TypeError(f"{option} is True or False, not {value!r}")
    return bool(value)


def _flag_or_none(option, value):
    return None if value is None else _flag(option, value)


def _parallel(option, value):
    # Numba takes a dictionary that turns parts of its parallel pass on and off; any says that loops are to be parallel.
    return True if isinstance(value, dict) else _flag(option, value)


def _fastmath(option, value):
    if isinstance(value, dict):
        value = {flag for flag, wanted in value.items() if wanted}
    if isinstance(value, (set, frozenset, list, tuple)):
        unknown = sorted(map(str, set(value) - FLAGS))
        if unknown:
            raise ValueError(f"fastmath knows {', '.join(sorted(FLAGS))}, not {', '.join(unknown)}")
        return frozenset(value)
    if not isinstance(value, bool):
        raise ValueError(f"fastmath is True, False or a set of flags, not {value!r}")
    return frozenset(("fast",)) if value else frozenset()


def _one_of(*choices):
    def check(option, value):
        if value not in choices:
            raise ValueError(f"{option} is {' or '.join(map(repr, choices))}, not {value!r}")
        return value

    return check


def _inline(option, value):
    if callable(value):
        _refuse("functions that decide on inlining work on Numba's own representation; say 'always' or 'never'")
    return _one_of("never", "always")(option, value)


def _locals(option, value):
    from numir import types

    declared = {}
    for local, ty in dict(value).items():
        if not isinstance(local, str):
            raise TypeError(f"locals: {local!r} is no name of a variable")
        declared[local] = types.as_type(ty)
    return declared or None


def _nopython(option, value):
    if not isinstance(value, bool):
        raise TypeError(f"nopython is True or False, not {value!r}")
    if not value:
        import warnings

        from numir.errors import NumbaDeprecationWarning

        message = "nopython=False has no effect: there is no object mode"
        warnings.warn(message, NumbaDeprecationWarning, stacklevel=5)
    return value


def _refuse(message):
    from numir.errors import UnsupportedError

    raise UnsupportedError(message)


def _only_false(reason):
    return lambda option, value: _refuse(f"{option}: {reason}") if value else None


def _target(option, value):
    if value in ("cpu", "cuda", "cuda-sim") or str(value).startswith("cuda:"):
        return value
    return _refuse(f"{option}={value!r}: the targets are 'cpu', 'cuda', 'cuda:sm_90' and the like, and 'cuda-sim'")


# What hardware has: registers of a thread, threads of a block, blocks of a multiprocessor.
_MOST_REGISTERS, _MOST_THREADS, _MOST_BLOCKS = 255, 1024, 32


def _number(option, value, most):
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(f"{option} is an integer from 1 to {most}, not {value!r}")
    return value


def _max_registers(option, value):
    return None if value is None else _number(option, value, _MOST_REGISTERS)


def _launch_bounds(option, value):
    if value is None:
        return None, None
    if not isinstance(value, tuple):
        value = (value,)
    if len(value) == 3:
        _refuse(f"{option}: clusters of blocks are not there; give threads and blocks: ({value[0]}, {value[1]})")
    if not 1 <= len(value) <= 2:
        raise ValueError(
            f"{option} is the most threads of a block, or these and the least blocks of a multiprocessor, not {value!r}"
        )
    threads = _number(f"{option}: the most threads of a block", value[0], _MOST_THREADS)
    least = value[1] if len(value) == 2 else None
    return threads, None if least is None else _number(
        f"{option}: the least blocks of a multiprocessor", least, _MOST_BLOCKS
    )


def _only_cpu(option, value):
    return value if value == "cpu" else _refuse(f"{option}={value!r}: give it as `target`")


def _gone(option, value):
    from numir.errors import DeprecationError

    raise DeprecationError(f"{option} is gone; give the signature as the first argument")


def _ignored(option, value):
    """Options about Numba's own making of code, which change no result."""


_TABLE = {
    "parallel": _parallel,
    "fastmath": _fastmath,
    "cache": _flag,
    "nogil": _flag,
    "boundscheck": _flag_or_none,
    "error_model": _one_of("python", "numpy"),
    "inline": _inline,
    "debug": _flag,
    "locals": _locals,
    "nopython": _nopython,
    "forceobj": _only_false("there is no object mode"),
    "looplift": _only_false("there is no object mode from which loops could be lifted"),
    "pipeline_class": _only_false("numir's passes are written in Rust; docs/adding-a-pass.md says how to add one"),
    "target": _target,
    "target_backend": _only_cpu,
    "_target": _only_cpu,
    "argtypes": _gone,
    "restype": _gone,
    "forceinline": _ignored,
    "no_cfunc_wrapper": _ignored,
    "no_cpython_wrapper": _ignored,
    "no_rewrites": _ignored,
    "_nrt": _ignored,
    "_dbg_extend_lifetimes": _ignored,
    "_dbg_optnone": _ignored,
}

# Those of kernels besides; the last ones are CUDA's own compilers', which do not change what a kernel means.
_KERNEL_TABLE = {
    **_TABLE,
    "max_registers": _max_registers,
    "launch_bounds": _launch_bounds,
    "lineinfo": _flag,
    "opt": _ignored,
    "lto": _ignored,
    "link": _ignored,
}
