"""Assignment to slices: shapes that broadcast and shapes that do not, types that are converted, targets that overlap."""

import numpy as np

from matrices.values import NUMPY, fill, layout, layouts

PAIRS = [
    ((3, 4), (3, 4)),
    ((3, 4), (4,)),
    ((3, 4), (3, 1)),
    ((3, 4), (1, 4)),
    ((3, 4), (1, 1)),
    ((3, 4), ()),
    ((3, 4), (1, 3, 4)),
    ((3, 4), (3,)),
    ((3, 4), (4, 3)),
    ((3, 4), (2, 4)),
    ((5,), (5,)),
    ((5,), (1,)),
    ((5,), (4,)),
    ((0,), (0,)),
    ((0,), (1,)),
    ((0, 3), (3,)),
    ((2, 3, 2), (3, 1)),
    ((1, 3), (3, 3)),
]
# Source and target meet in memory: the right side is read as a whole first.
OVERLAPS = (
    "a[1:] = a[:-1]",
    "a[:-1] = a[1:]",
    "a[1:] += a[:-1]",
    "a[:-1] -= a[1:]",
    "a[::-1] = a",
    "a[:] = a[::-1]",
    "a[::2] = a[::2][::-1]",
    "a[2:] = a[:-2] + a[1:-1]",
    "a[1:-1] = (a[:-2] + a[2:]) / 2",
    "a[:] = a - a[0]",
    "a[0], a[-1] = a[-1], a[0]",
    "a *= a[1]",
    "a[1:], a[0] = a[:-1], a[-1]",
    "a += a[::-1]",
    "a[:3] = a[2:5] * 2",
)
MATRIX_OVERLAPS = (
    "a[1:] = a[:-1]",
    "a[:, 1:] = a[:, :-1]",
    "a[:] = a.T",
    "a += a.T",
    "a[1:, 1:] = a[:-1, :-1]",
    "a[::-1, ::-1] = a",
    "a[0] = a[:, 0]",
    "a[:] = a[0]",
    "a[:] = a[:, :1]",
    "a[1:-1, 1:-1] = a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]",
    "a -= a[1]",
    "a[:, 0] += a[:, 1]",
)
ALIASED = (
    "a[:] = b + 1",
    "a += b",
    "a[1:] = b[:-1] + b[1:]",
    "a[::-1] = b",
    "a[:] = b * a",
    "b[:] = a[::-1]",
    "b -= a",
    "a[:], b[0] = b, a[1]",
    "a[0], b[-1], a[2] = b[1], a[3], b[0]",
    "a[1:], b[0], a[0] = b[:-1] * 2, a[1], b[2]",
    "x, b[...], y = a[1], 2 * a, b[1]\nb[0], a[0] = x, y",
    "x = a[1]\na += b\nb[0] = x * b[2]",
    "for i in range(1, len(a)):\n    a[i] = b[i - 1] + 1",
    "for i in range(len(a)):\n    a[i] = b[-1 - i]",
    "for i in range(len(a)):\n    b[i] += a[0]",
)


def build(matrix, random):
    for target, source in PAIRS:
        for kind in layouts(len(target)):
            for other in layouts(len(source)):
                a = layout(target, np.float64, kind, random)
                b = layout(source, np.float64, other, random)
                for statement in ("a[...] = b", "a += b", "a[...] = b * 2 + 1", "a *= b"):
                    matrix.add("a, b", statement, (a, b))
    for source in NUMPY:
        for target in NUMPY:
            if np.can_cast(source, target, "same_kind"):
                matrix.add("a, b", "a[:] = b", (fill((4,), target, random), fill((4,), source, random)))
                for operator in "+-*":
                    if np.bool_ not in (source, target):
                        arguments = (fill((4,), target, random), fill((4,), source, random))
                        matrix.add("a, b", f"a {operator}= b", arguments, ulp=1)
    overlapping(matrix, random)


def overlapping(matrix, random):
    """One argument that meets itself, and two arguments that share memory."""
    for statement in OVERLAPS:
        for kind in layouts(1):
            matrix.add("a", statement, (layout((7,), np.float64, kind, random),))
            matrix.add(
                "a", statement, (layout((7,), np.int32, kind, random),), when=lambda outcome: outcome.error is None
            )
    for statement in MATRIX_OVERLAPS:
        for kind in layouts(2):
            matrix.add("a", statement, (layout((4, 4), np.float64, kind, random),))
    for statement in ALIASED:
        for _ in range(6):
            whole = fill((14,), np.float64, random)
            start, step = random.randrange(0, 5), random.choice((1, 1, -1, 2))
            a = whole[2:8]
            b = whole[start : start + 12 : 2] if step == 2 else whole[start : start + 6][::step]
            # NumPy itself copies item by item between strides of one sign that differ, and meets what it has written.
            plain = "a[:], b[0] = b, a[1]"
            tried = plain.replace("= b,", "= b * 1,") if (statement, step) == (plain, 2) else statement
            matrix.add("a, b", tried, (a, b) if random.random() < 0.5 else (b, a), lines=False)
        same = fill((6,), np.float64, random)
        matrix.add("a, b", statement, (same, same))
