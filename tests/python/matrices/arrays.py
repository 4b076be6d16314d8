"""Arrays: element-wise operators with broadcasting over types and layouts, constructors, attributes, methods, reductions."""

import numpy as np

from matrices.values import COMPLEX, FLOATS, INTEGERS, NUMPY, fill, layout, layouts, pick

ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")
BITS = ("&", "|", "^", "<<", ">>")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
SHAPES = [
    ((4,), (4,)),
    ((4,), (1,)),
    ((4,), ()),
    ((3, 4), (4,)),
    ((3, 1), (1, 4)),
    ((2, 1, 3), (4, 1)),
    ((0, 3), (3,)),
    ((0,), (1,)),
    ((), ()),
    ((4,), (3,)),
    ((2, 3), (3, 2)),
]
NAMES = [f"np.{kind.__name__}" if kind is not np.bool_ else "np.bool_" for kind in NUMPY]


def build(matrix, random):
    by_type(matrix, random)
    by_shape(matrix, random)
    chains(matrix, random)
    constructors(matrix)
    attributes(matrix, random)
    methods(matrix, random)
    reductions(matrix, random)


def operators(left, right):
    """The operators that NumPy has for arrays of these types."""
    kinds = (left, right)
    if any(kind in (complex, *COMPLEX) for kind in kinds):
        return ("+", "-", "*", "/", "==", "!=")
    if all(kind in (bool, np.bool_) for kind in kinds):
        return ("+", "*", "/", "&", "|", "^", *COMPARISONS)
    if all(kind in (bool, int, np.bool_, *INTEGERS) for kind in kinds):
        return ARITHMETIC[:-1] + BITS + COMPARISONS
    return ARITHMETIC + COMPARISONS


def by_type(matrix, random):
    """Arrays of all types with arrays and scalars of all types."""
    for left in NUMPY:
        for right in (*NUMPY, bool, int, float, complex):
            for operator in operators(left, right):
                a = fill((5,), left, random)
                scalar = right in (bool, int, float, complex)
                b = right(3) if scalar else fill((5,), right, random)
                if operator in ("<<", ">>", "**"):
                    b = abs(b) % 4 if operator != "**" or scalar else abs(b)
                    if isinstance(b, np.ndarray):
                        b = b.astype(right)
                complex_result = any(kind in (complex, *COMPLEX) for kind in (left, right))
                ulp = 4 if complex_result else 2 if operator == "**" else 0
                matrix.expression("a, b", f"a {operator} b", (a, b), ulp=ulp)
                if scalar:
                    matrix.expression("a, b", f"b {operator} a", (np.abs(a), b), ulp=ulp, when=same_error)
                elif random.random() < 0.3:
                    matrix.expression("a, b", f"a {operator} b[2]", (a, b), ulp=ulp)
        a = fill((5,), left, random)
        for unary in ("-", "+", "~"):
            if not ((unary == "~" and left in FLOATS + COMPLEX) or (unary != "~" and left is np.bool_)):
                matrix.expression("a", f"{unary}a", (a,))
        matrix.expression("a", "abs(a)", (a,), ulp=2)


def same_error(outcome):
    """Not NumPy's own limits, such as integers to negative powers."""
    return outcome.error is None or outcome.error.type == "OverflowError"


def by_shape(matrix, random):
    """Shapes that fit and shapes that do not, in all layouts."""
    for left, right in SHAPES:
        for kind in layouts(len(left)):
            for other in layouts(len(right)):
                a, b = layout(left, np.float64, kind, random), layout(right, np.float64, other, random)
                for operator in ("+", "*", "<"):
                    matrix.expression("a, b", f"a {operator} b", (a, b))
                matrix.expression("a, b", "(a + b) * 2 - a / 4", (a, b))


def chains(matrix, random):
    """Expressions of several arrays, with slices among them."""
    sources = (
        "a * b + c",
        "a - b * c / 2",
        "-(a + b) * (c - 1)",
        "(a > b) & (c > 0)",
        "a[1:] - a[:-1]",
        "a[::2] + b[::2] * c[::2]",
        "a[::-1] + b",
        "a[:, None] * b - c",
        "abs(a - b) <= abs(c)",
        "a * a[0] + b[1]",
        "(a + b)[1:-1] + c[2:]",
        "((a + 1) * (b + 2)).T - c",
        "a.copy() + b.ravel() + c.reshape(c.size)",
    )
    for source in sources:
        for kind in layouts(1):
            arguments = [layout((6,), np.float64, kind, random) for _ in range(3)]
            matrix.expression("a, b, c", source, tuple(arguments))
        matrix.expression("a, b, c", source, tuple(fill((6,), kind, random) for kind in pick(random, FLOATS, 3)))
    for kind in FLOATS:
        arguments = tuple(fill((6,), kind, random) for _ in range(3))
        matrix.expression("a, b, c", "a + (b if a[0] > 0 else c)", arguments)


def constructors(matrix):
    for shape in ("0", "5", "(3,)", "(2, 3)", "()", "(2, 0, 1)", "n", "(n, n + 1)", "-n", "(2, -1)"):
        for name in ("zeros", "ones"):
            matrix.expression("n", f"np.{name}({shape})", (2,))
            for dtype in NAMES:
                matrix.expression("n", f"np.{name}({shape}, {dtype})", (2,))
        matrix.expression("n", f"np.zeros({shape}, dtype=np.int16)", (2,))
        matrix.expression("n", f"np.full({shape}, n)", (2,))
        matrix.expression("n", f"np.full({shape}, 1.5)", (2,))
        matrix.expression("n", f"np.full({shape}, n, np.uint8)", (2,))
        matrix.expression("n", f"np.full({shape}, True)", (2,))
        matrix.expression("n", f"np.empty({shape}).shape", (2,))
        matrix.expression("n", f"np.empty({shape}, np.complex64).itemsize", (2,))
    ranges = (
        "5",
        "0",
        "-3",
        "2, 9",
        "9, 2",
        "2, 20, 3",
        "20, 2, -4",
        "0.5, 3.2",
        "0, 1, 0.1",
        "5.0",
        "1, 2, 0",
        "n",
        "n, 9, n",
    )
    for arguments in ranges:
        matrix.expression("n", f"np.arange({arguments})", (2,))
        matrix.expression("n", f"np.arange({arguments}, dtype=np.float32)", (2,))
    matrix.expression("n", "np.arange(n)", (np.int32(4),))
    for arguments in ("0, 1", "0, 1, 5", "2.5, -1.5, 9", "0, 1, 1", "0, 1, 0", "0, 1, -1", "0, 1, n", "1, 1, 3"):
        matrix.expression("n", f"np.linspace({arguments})", (4,), ulp=1)
    matrix.expression("n", "np.linspace(0, 10, n, endpoint=False)", (4,), ulp=1)
    for kind in NUMPY:
        for name in ("zeros_like", "ones_like"):
            for shape in ((3,), (2, 2), ()):
                matrix.expression("a", f"np.{name}(a)", (np.ones(shape, kind),))
        matrix.expression("a", "np.full_like(a, 1)", (np.ones((2, 2), kind),))
        matrix.expression("a", "np.zeros_like(a, dtype=np.float32)", (np.ones((2, 2), kind),))
        matrix.expression("a", "np.empty_like(a).shape", (np.ones((2, 2), kind),))
    matrix.expression("a", "np.zeros_like(a).strides", (np.asfortranarray(np.ones((2, 3))),))
    matrix.expression("a", "np.zeros(a.shape, a.dtype) + a", (np.arange(6).reshape(2, 3),))


def attributes(matrix, random):
    for shape in ((), (4,), (2, 3), (0, 3), (2, 3, 4)):
        for kind in layouts(len(shape)):
            array = layout(shape, np.int32, kind, random)
            for name in ("shape", "ndim", "size", "itemsize", "strides"):
                if name == "strides" and not array.size:
                    continue  # No item, no meaning.
                matrix.expression("a", f"a.{name}", (array,), strict=True)
            matrix.expression("a", "a.T + 0", (array,))
            matrix.expression("a", "a.T.shape", (array,), strict=True)
            if shape:
                matrix.expression("a", "len(a)", (array,), strict=True)
            if shape and array.size:
                matrix.expression("a", "a[::-1].strides, a.T.strides", (array,), strict=True)
    for kind in NUMPY:
        matrix.expression("a", "a.itemsize", (np.ones(2, kind),), strict=True)
        matrix.expression("a", "np.ones(3, a.dtype)", (np.ones(2, kind),))
        for other in ("np.float64", "np.int32", "float", "bool", "np.uint8", "'float32'", "'bool'"):
            tests = f"a.dtype == {other}, {other} != a.dtype, a.dtype in ({other}, np.int8)"
            matrix.expression("a", tests, (np.ones(2, kind),), strict=True)


def methods(matrix, random):
    shapes = [
        ((6,), "2, 3"),
        ((6,), "(3, 2)"),
        ((2, 3), "6"),
        ((2, 3), "-1"),
        ((2, 3, 4), "4, -1"),
        ((6,), "4, 2"),
        ((0,), "0, 3"),
    ]
    for shape, new in [*shapes, ((), "1, 1"), ((1,), "()"), ((6,), "-1, 4")]:
        for kind in layouts(len(shape)):
            array = layout(shape, np.float64, kind, random)
            matrix.expression("a", f"a.reshape({new}) + 0", (array,))
            matrix.expression("a", "a.ravel() + 0", (array,))
            matrix.expression("a", "a.copy()", (array,))
            matrix.expression("a", "a.copy().shape", (array,), strict=True)
            if array.size:
                matrix.expression("a", "a.copy().strides", (array,), strict=True)
            matrix.add("a", "b = a.copy()\nb[...] = 9\nreturn b", (array,))
    contiguous = fill((6,), np.float64, random)
    matrix.add("a", "b = a.reshape(2, 3)\nb[0] = 7", (contiguous,))
    matrix.add("a", "b = a.ravel()\nb[0] = 7", (contiguous.reshape(2, 3),))
    matrix.add("a", "b = a.astype(np.float64)\nb[0] = 7\nreturn b", (contiguous,))


def reductions(matrix, random):
    for kind in NUMPY:
        for shape in ((7,), (3, 5), (), (1,)):
            for where in layouts(len(shape)):
                array = layout(shape, kind, where, random)
                # Of these items every partial sum is exact.
                matrix.expression("a", "a.sum()", (array,), strict=True)
                matrix.expression("a", "np.sum(a)", (array,), strict=True)
                if kind not in COMPLEX:
                    for name in ("min", "max"):
                        matrix.expression("a", f"a.{name}()", (array,), strict=True)
                        matrix.expression("a", f"np.{name}(a)", (array,), strict=True)
        empty = np.empty((0, 3), kind)
        matrix.expression("a", "a.sum()", (empty,), strict=True)
        if kind not in COMPLEX:
            matrix.expression("a", "a.min()", (empty,))
            matrix.expression("a", "a.max()", (empty,))
    for size in (127, 128, 129, 1000, 4097):
        array = fill((size,), np.float64, random)
        matrix.expression("a", "a.sum()", (array,), strict=True)
        matrix.expression("a", "a[::2].sum() - (a * a).sum()", (array,), strict=True)
        # Without cancellation the order of the sum shows in the last places only.
        matrix.expression("a", "a.sum(), (a * a).sum()", (np.abs(array) / 3,), ulp=64, strict=True)
        matrix.expression("a", "(a > 0).sum()", (array,), strict=True)
    nans = np.array([1.0, np.nan, -2.0])
    matrix.expression("a", "a.min(), a.max(), a.sum()", (nans,), strict=True)
    matrix.expression("a", "min(a[0], a[1]), max(a[1], a[0])", (nans,))
