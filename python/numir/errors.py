"""The exceptions and warnings of numir. Their names and bases are those of `numba.core.errors`, for who catches them.

What goes wrong in a compiled program is raised as Python's own exceptions; these are about compiling.
"""


class NumbaWarning(Warning):
    """The base of all warnings."""


class NumbaPerformanceWarning(NumbaWarning):
    """Something that was asked for has no effect on speed."""


class NumbaDeprecationWarning(NumbaWarning, DeprecationWarning):
    """Something that should no longer be used."""


class NumbaPendingDeprecationWarning(NumbaWarning, PendingDeprecationWarning):
    """Something that will be deprecated."""


class NumbaParallelSafetyWarning(NumbaWarning):
    """Something that is not safe when it runs in parallel."""


class NumbaTypeSafetyWarning(NumbaWarning):
    """A conversion that may lose something."""


class NumbaExperimentalFeatureWarning(NumbaWarning):
    """Something that may change."""


class NumbaInvalidConfigWarning(NumbaWarning):
    """An environment variable that cannot be read."""


class NumbaPedanticWarning(NumbaWarning):
    """Something that is only noticed by those who look closely."""


class NumbaIRAssumptionWarning(NumbaPedanticWarning):
    """A pass relies on something that does not hold. For who names it; numir does not warn of it."""


class NumbaDebugInfoWarning(NumbaWarning):
    """Debug information that cannot be made."""


class NumbaSystemWarning(NumbaWarning):
    """Something about the machine or its installation."""


class NumbaError(Exception):
    """The base of all errors."""

    def __init__(self, msg="", loc=None, highlighting=True):
        super().__init__(msg)
        self.msg = msg
        self.loc = loc

    @property
    def contexts(self):
        """What was being done, of which the message tells already."""
        return []

    def add_context(self, msg):
        """The same error with a line about what was being done."""
        self.msg = f"{self.msg}\n{msg}"
        self.args = (self.msg, *self.args[1:])
        return self

    def __str__(self):
        return str(self.msg)


class UnsupportedError(NumbaError):
    """Something that the language does not have."""


class UnsupportedBytecodeError(Exception):
    """For who names it: numir compiles from source."""


class UnsupportedRewriteError(UnsupportedError):
    """For who names it; numir has no rewrites."""


class UnsupportedParforsError(NumbaError):
    """Parallel loops cannot be had."""


class IRError(NumbaError):
    """The base of errors about names in a function."""


class RedefinedError(IRError):
    """A name has two meanings."""


class NotDefinedError(IRError):
    """A name has no meaning."""

    def __init__(self, name="", loc=None):
        super().__init__(f"The compiler failed to analyze the bytecode. Variable '{name}' is not defined.", loc=loc)
        self.name = name


class VerificationError(IRError):
    """A program broke a rule between two passes."""


class DeprecationError(NumbaError):
    """Something that is gone."""


class LoweringError(NumbaError):
    """A function that was understood cannot be made into code."""


class ForbiddenConstruct(LoweringError):
    """Something that may not stand in a compiled function."""


class TypingError(NumbaError, TypeError):
    """A type that does not fit, or cannot be found. It is a TypeError too, as Python raises when the program runs."""


class UntypedAttributeError(TypingError):
    """An attribute that a type does not have."""

    def __init__(self, value="", attr="", loc=None):
        super().__init__(f"Unknown attribute {attr!r} of type {value}", loc=loc)


class LiteralTypingError(TypingError):
    """A value that cannot be known when a function is compiled."""


class RequireLiteralValue(TypingError):
    """A value that must be known when a function is compiled."""


class ForbiddenTypeError(TypingError):
    """A type that may not be used here."""


class NumbaValueError(TypingError):
    """A value that does not fit, found when a function is compiled."""


class NumbaTypeError(TypingError):
    """A type that does not fit, as Python's TypeError."""


class NumbaAttributeError(TypingError):
    """An attribute that is not there, as Python's AttributeError."""


class NumbaAssertionError(TypingError):
    """An assertion that cannot hold, found when a function is compiled."""


class NumbaNotImplementedError(TypingError):
    """Something that the language does not have, in a place where a type is looked for."""


class NumbaKeyError(TypingError):
    """A key that is not there, found when a function is compiled."""


class NumbaIndexError(TypingError):
    """An index out of bounds, found when a function is compiled."""


# Classes of what the compiler names otherwise.
_KINDS = {"ImportError": UnsupportedError}


def of_kind(kind):
    """The class of an error that the compiler calls so; one of Python's is caught under Python's class as well."""
    known = _KINDS.get(kind) or globals().get(kind)
    if isinstance(known, type) and issubclass(known, NumbaError):
        return known
    import builtins

    python = getattr(builtins, kind, None)
    if not (isinstance(python, type) and issubclass(python, Exception)):
        return NumbaError
    ours = globals().get(f"Numba{kind}", TypingError)
    _KINDS[kind] = type(kind, (ours, python), {"__module__": __name__})
    return _KINDS[kind]


class SignatureError(TypingError):
    """A signature that cannot be read."""


class ByteCodeSupportError(NumbaError):
    """For who names it: numir compiles from source."""


class CompilerError(NumbaError):
    """A function cannot be compiled."""


class ConstantInferenceError(NumbaError):
    """A value that must be constant is not."""


class ForceLiteralArg(NumbaError):
    """For who names it: numir's compiler does not need it."""


class InternalError(NumbaError):
    """A fault of numir itself, not of the program. Please report it."""


class InternalTargetMismatchError(InternalError):
    """For who names it; there is one target."""


class NonexistentTargetError(InternalError):
    """A target that is not there."""


class NumbaRuntimeError(NumbaError):
    """Something that is only found when a program runs."""


# The bases under names of their own.
NumirError = NumbaError
NumirWarning = NumbaWarning

__all__ = [name for name in list(globals()) if not name.startswith("_")]


class DeviceError(RuntimeError):
    """There is no device to run a kernel on, or it has failed; the message says what to do about it."""


class BarrierError(DeviceError):
    """Threads of a block wait at a barrier that others of them do not come to."""


class RaceError(DeviceError):
    """Two threads of a block touch the same shared memory at once, and one of them writes."""
