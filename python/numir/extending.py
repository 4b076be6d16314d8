"""What Numba has for those who extend it, as far as numir has it: functions for compiled code are written as functions."""

from numir.decorators import register_jitable

__all__ = ["is_jitted", "register_jitable"]


def is_jitted(function):
    """Whether something is a compiled function."""
    import sys

    # Who has made none has not loaded the module.
    made = sys.modules.get("numir.dispatcher")
    return made is not None and isinstance(function, made.Dispatcher)
