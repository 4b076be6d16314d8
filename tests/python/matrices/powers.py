"""Powers of Python's numbers whose type depends on values: what numir promises in docs/differences.md is left out."""

from matrices.values import EDGE_FLOATS


def build(matrix, random):
    for base in (-7, -2, -1, 0, 1, 2, 3, 10):
        for exponent in range(0, 24):
            matrix.expression("x, y", "x ** y", (base, exponent), strict=True)
        for exponent in (-3, -2, -1, 0, 1, 2, 3, 4, 5, 10):
            when = None if exponent >= 0 or base != 0 else raises
            matrix.expression("x", f"x ** {exponent}", (base,), strict=True, when=when, ulp=1)
            matrix.expression("x", f"x ** {exponent}", (float(base),), strict=True, ulp=1)
        matrix.expression("x", "2 ** x", (base,), strict=True, when=is_integer)
        matrix.expression("x", "2.5 ** x", (base,), strict=True, ulp=1)
        matrix.expression("x", "pow(x, 3)", (base,), strict=True)
        for modulus in (1, 7, -7, 1000003, 0):
            matrix.expression("x, y, z", "pow(x, y, z)", (base, random.randrange(0, 99), modulus), strict=True)
            matrix.expression("x, y, z", "pow(x, y, z)", (base, -3, modulus), strict=True)
    for base in EDGE_FLOATS:
        for exponent in EDGE_FLOATS:
            matrix.expression("x, y", "x ** y", (base, exponent), strict=True, ulp=1, when=is_real)
            matrix.expression("x, y", "pow(x, y)", (base, exponent), strict=True, ulp=1, when=is_real)


def is_integer(outcome):
    """Whether CPython gave an integer."""
    return outcome.error is not None or type(outcome.value) is int


def is_real(outcome):
    """Whether CPython gave no complex number."""
    value = outcome.value[0] if isinstance(outcome.value, tuple) else outcome.value
    return outcome.error is not None or not isinstance(value, complex)


def raises(outcome):
    """Whether CPython raised."""
    return outcome.error is not None
