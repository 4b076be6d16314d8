"""The exceptions of compiling, under the names and in the hierarchy that users of Numba catch."""


class NumirError(Exception):
    """What all errors of the compiler have in common."""


NumbaError = NumirError


class TypingError(NumirError, TypeError):
    """Types that do not fit, at a place in the user's source."""


class UnsupportedError(NumirError):
    """Python that numir does not compile."""


class InternalError(NumirError):
    """numir itself failed: please report it with the program."""


class LoweringError(NumirError):
    """Kept for programs that catch it; numir reports what cannot be compiled as one of the others."""


class UnsupportedBytecodeError(UnsupportedError):
    """Kept for programs that catch it."""


class NumbaTypeError(TypingError):
    """Kept for programs that catch it."""


class NumbaValueError(TypingError):
    """Kept for programs that catch it."""


class RequireLiteralValue(TypingError):
    """Kept for programs that catch it."""


class ForbiddenTypeError(TypingError):
    """Kept for programs that catch it."""


class CompilerError(NumirError):
    """Kept for programs that catch it."""


class NumirWarning(Warning):
    """What all warnings have in common."""


NumbaWarning = NumirWarning


class NumbaPerformanceWarning(NumirWarning):
    """Something that runs, but not as fast as it could."""


class NumbaDeprecationWarning(NumirWarning):
    """Something that will go."""


class NumbaPendingDeprecationWarning(NumirWarning):
    """Something that will go, later."""


class NumbaExperimentalFeatureWarning(NumirWarning):
    """Something that may change."""


class NumbaParallelSafetyWarning(NumirWarning):
    """Something that is not safe with several threads."""
