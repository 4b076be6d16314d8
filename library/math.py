"""Functions of real numbers."""

from numir.intrinsics import classify, libm, python_errors


def sqrt(x, /):
    if python_errors() and x < 0.0:
        raise ValueError("math domain error")
    return libm("sqrt", x)
