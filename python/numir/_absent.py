"""What Numba has and numir has not: why, and what to do instead, said where a program asks for it."""

_CONTAINERS = "compiled code has no lists and dicts yet: use arrays, or tuples"
_CLASSES = "compiled code has no classes yet: pass arrays, tuples or named tuples"
_DEBUGGER = "set the breakpoint in gdb, at a line of the program: compiled code has line tables"

# By the name without `numba.`.
REASONS = {
    "deferred_type": _CLASSES,
    "experimental": _CLASSES,
    "gdb": _DEBUGGER,
    "gdb_breakpoint": _DEBUGGER,
    "gdb_init": _DEBUGGER,
    "generated_jit": "it is gone from Numba too: numir.extending.overload chooses by type",
    "jitclass": _CLASSES,
    "pycc": "`numir compile --emit obj` makes objects ahead of time",
    "typed": _CONTAINERS,
}


def reason(name):
    """Behind a message: why there is no `name`, or nothing."""
    said = REASONS.get(name)
    return f": {said}" if said else ""
