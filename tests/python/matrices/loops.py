"""Loops: ranges of any sign and type, loops over arrays, tuples, enumerate, zip and reversed; prange with reductions."""

import numpy as np

from matrices.values import FLOATS, INTEGERS, fill, layout, layouts

COLLECT = """
count = 0
total = 0
for i in {iterable}:
    count += 1
    total = 3 * total + i
return count, total
"""
LEAVE = """
total = 0
for i in range(a, b, c):
    if i == d:
        continue
    if i > e:
        break
    total += i
else:
    total = -total
return total, i
"""
PARALLEL = {
    "+": "total += {item}",
    "*": "total *= {item}",
    "min": "total = min(total, {item})",
    "max": "total = max(total, {item})",
    "&": "total &= {item}",
    "|": "total |= {item}",
    "^": "total ^= {item}",
    "-": "total -= {item}",
}


def build(matrix, random):
    ranges(matrix, random)
    iterables(matrix, random)
    parallel(matrix, random)
    parallel_arrays(matrix, random)


def ranges(matrix, random):
    for start in (-3, 0, 2, 7):
        for stop in (-5, 0, 3, 8):
            for step in (-3, -1, 1, 2, 5, 0):
                matrix.add("a, b, c", COLLECT.format(iterable="range(a, b, c)"), (start, stop, step), strict=True)
                matrix.add(
                    "a, b, c", COLLECT.format(iterable="reversed(range(a, b, c))"), (start, stop, step), strict=True
                )
                if step:
                    # Each with a value that is met or not, and an end that is reached or not.
                    arguments = (start, stop, step, random.randrange(-5, 9), random.randrange(-5, 9))
                    matrix.add("a, b, c, d, e", "i = 99" + LEAVE, arguments, strict=True)
        matrix.add("n", COLLECT.format(iterable="range(n)"), (start,), strict=True)
        matrix.add("n", COLLECT.format(iterable="range(n, 5)"), (start,), strict=True)
        matrix.add("n", COLLECT.format(iterable="range(5, n, -2)"), (start,), strict=True)
        matrix.add("n", "for i in range(n):\n    n = 0\n    i = 100\nreturn n", (abs(start),), strict=True)
    big = 2**63 - 1
    for arguments in (
        (big - 3, big, 2),
        (-big, -big + 5, 3),
        (big, big - 6, -4),
        (0, -big - 1, -big),
        (-big - 1, big, big),
        (-big - 1, big, 1 << 62),
        (-big - 1, big, (1 << 61) + 3),
        (big, -big - 1, -big - 1),
        (big, -big - 1, -(1 << 62) - 1),
        (5, -big - 1, -big - 1),
        (0, big, big),
        (1, big, 1 << 62),
        (-big - 1, -big - 1, big),
        (big, -big - 1, big),
    ):
        start, stop, step = arguments
        if abs(step) > 4:
            constant = f"range({start}, {stop}, {step})"
            matrix.add("n", f"for i in {constant}:\n    n += 1\nreturn n, i", (0,), strict=True, when=has_no_error)
            mixed = f"for i in range(a, b, {step}):\n    n += 1\nreturn n, i"
            matrix.add("a, b, n", mixed, (start, stop, 0), strict=True, when=has_no_error)
        matrix.add("a, b, c", "n = 0\nfor i in range(a, b, c):\n    n += 1\nreturn n", arguments, strict=True)
    for operator in "+-*&|^":
        for start in (0, 5):
            for size in (0, 4):
                items = fill((size,), np.uint64, random)
                body = f"total = {start}\nfor x in a:\n    total {operator}= x\nreturn total"
                matrix.add("a", body, (items,))
    for flag in (True, False):
        body = "t = n\nif flag:\n    t = a[0]\nreturn t, max(n, a[1]), min(a[2], n)"
        matrix.add("a, n, flag", body, (np.array([7, 8, 2**64 - 1], np.uint64), 3, flag))
    for kind in INTEGERS:
        matrix.add("n", "total = 0\nfor i in range(n):\n    total += i\nreturn total", (kind(5),))


def has_no_error(outcome):
    """A loop without an iteration leaves its variable unbound."""
    return outcome.error is None


def iterables(matrix, random):
    for rank in (1, 2, 3):
        for kind in layouts(rank):
            array = layout((4, 3, 2)[:rank], np.float64, kind, random)
            row = "for x in a:\n    total = 2 * total + x"
            matrix.add("a", f"total = 0 * a[0]\n{row}\nreturn total + 0", (array,))
            matrix.add("a", "for i, x in enumerate(a):\n    a[i] = x + i", (array,))
            matrix.add("a", "n = 0\nfor x in reversed(a):\n    n += 1\n    a[0] += x\nreturn n", (array,))
            matrix.add("a", "for x, y in zip(a, a[::-1]):\n    x = x + y\nreturn x + 0", (array,))
    for source in (
        "for x in (1, 2, 3): total += x",
        "for x in (1, 2.5, True): total += x",
        "for x, (y, z) in ((1, (2, 3)), (4, (5, 6))): total += x * y - z",
        "for i, x in enumerate((5, 6, 7), 10): total += i * x",
        "for i, x in enumerate(range(3), start=n): total += i * x",
        "for x, y, z in zip(range(9), (4, 5, 6), range(n, 0, -1)): total += x * y * z",
        "for i, (x, y) in enumerate(zip((1, 2), (3, 4))): total += i + x * y",
        "for x in reversed((1, 2, 3)): total = 10 * total + x",
        "for x, *y in ((1, 2, 3), (4, 5, 6)): total += x * len(y)",
        "for x in (): total += 1",
        "for x in zip(range(3), range(2)): total += x[0] + x[1]",
        "for i in range(3):\n    for j in range(i, 3):\n        if j == 2: break\n        total += 10 * i + j",
        "while total < n * 10:\n    total += 3\n    if total == 12: break\nelse:\n    total = -1",
        "while True:\n    total += 1\n    if total % 5: continue\n    break",
        "while (total := total + n) < 20: pass",
        "for total in range(n): pass",
    ):
        matrix.add("n", f"total = 0\n{source}\nreturn total", (4,), strict=False)


def parallel(matrix, random):
    """A scalar reduced over items, of every type that the operator has."""
    for operator, statement in PARALLEL.items():
        kinds = INTEGERS if operator in "&|^" else INTEGERS + FLOATS
        for kind in kinds:
            ulp = 0 if kind in INTEGERS or operator in ("min", "max") else 256
            for size in (0, 1, 17, 300):
                array = fill((size,), kind, random)
                if operator == "*":
                    array = (array % 2 + 1 if kind in INTEGERS else array / 64).astype(kind)
                if size == 0 and operator in ("min", "max", "&"):
                    continue
                # Types that meet at the loop's head are joined without loss; here the start has the type of the items.
                neutral = ("1" if operator == "*" else "0") if kind in (np.int64, np.uint64, np.float64) else "a[0] * 0"
                if size == 0 and neutral == "a[0] * 0":
                    continue
                initial = "a[0]" if operator in ("min", "max", "&") else neutral
                if operator == "*" and initial == "a[0] * 0":
                    initial = "a[0] * 0 + 1"
                body = f"total = {initial}\nfor i in prange(len(a)):\n    {statement.format(item='a[i]')}\nreturn total"
                matrix.add("a", body, (array,), ulp=ulp, decorator="@njit(parallel=True)")
    sources = (
        "for i in prange(n):\n    total += i * i",
        "for i in prange(n, 2 * n):\n    total += i",
        "for i in prange(3, n, 4):\n    total ^= i",
        "for i in prange(n, 0, -3):\n    total += i % 7",
        "for i in prange(0, n, 2):\n    for j in prange(i):\n        total += j",
        "for i in prange(n):\n    for j in range(i):\n        if j == 5: break\n        total += 1",
        "for i in prange(n):\n    if i % 3: continue\n    total += i",
        "for i in prange(-n):\n    total += 1",
    )
    for source in sources:
        for n in (0, 1, 10, 500):
            matrix.add("n", f"total = 0\n{source}\nreturn total", (n,), decorator="@njit(parallel=True)")


def parallel_arrays(matrix, random):
    """Arrays filled by a parallel loop, and arrays that are reduced."""
    sources = (
        ("for i in prange(len(a)):\n    a[i] = i * 2", False),
        ("b = np.zeros(5, a.dtype)\nfor i in prange(len(a)):\n    b[i % 5] += a[i]\nreturn b", True),
        (
            "b = np.zeros((4, 5), a.dtype)\nfor i in prange(len(a)):\n"
            "    b[i % 4, i % b.shape[1]] -= a[i]\n    b[i % 3] += 1\n    b[i % 2][i % 5] += a[-i]\nreturn b",
            True,
        ),
        (
            "b = np.full(7, 1000, a.dtype)\nc = np.full(7, 0, a.dtype)\nfor i in prange(a.size):\n"
            "    b[i * i % 7] = min(b[i * i % 7], a[i])\n    c[i * 3 % 7] = max(5, a[i], c[i * 3 % 7])\nreturn b, c",
            False,
        ),
        (
            "b = np.zeros(9, np.uint16)\nc = np.full(9, 2**63, np.uint64)\nd = np.zeros(9, np.bool_)\n"
            "for i in prange(len(a)):\n    b[i % 9] |= np.uint16(i)\n    c[i % 9] ^= np.uint64(i)\n"
            "    d[i // 8 % 9] |= a[i] > 0\nreturn b, c, d",
            False,
        ),
        (
            "b = np.zeros(a.size + 2, a.dtype)\nfor i in prange(len(a)):\n"
            "    b[i] += a[i]\n    b[i + 1] -= 2 * a[i]\n    b[i + 2] += a[i]\nreturn b",
            True,
        ),
        (
            "b = np.ones((6, 8), a.dtype)\nc = b[::-2, 1::3]\nfor i in prange(len(a)):\n    c[i % 3, i % 2] += a[i]\nreturn b",
            True,
        ),
        (
            "b = np.zeros(3, a.dtype)\nfor i in prange(7):\n    for j in prange(len(a)):\n        b[(i + j) % 3] += a[j]\nreturn b",
            True,
        ),
        (
            "b = np.zeros_like(a)\nfor k in prange((len(a) + 15) // 16):\n"
            "    for i in range(16 * k, min(16 * k + 16, len(a))):\n        b[i] += a[i]\n        b[i] *= 2\nreturn b",
            False,
        ),
        ("b = np.zeros_like(a)\nfor i in prange(1, len(a)):\n    b[i] = a[i] + a[i - 1]\nreturn b", False),
        ("b = np.ones((3, 2), a.dtype)\nfor i in prange(len(a)):\n    b += a[i]\nreturn b", True),
        ("b = np.zeros(3, a.dtype)\nfor i in prange(a.size):\n    b[i % 3] = max(b[i % 3], a[i])\nreturn b", True),
        ("for i in prange(len(a)):\n    if i == 40:\n        raise ValueError('forty')\n    a[i] = 1", False),
        ("for i in prange(len(a)):\n    a[i + 3] = 2", False),
        (
            "n = 0\nfor i in prange(len(a)):\n    for x in a[i:]:\n        if x < 0: break\n    else:\n        n += 1\nreturn n",
            False,
        ),
    )
    for source, reduces in sources:
        for kind in (np.int64, np.float64):
            for size in (0, 7, 60, 400, 3000):
                array = fill((size,), kind, random)
                raised = "raise" in source or "i + 3" in source
                when = (lambda outcome: outcome.error is None) if raised and size > 7 else None
                ulp = 512 if reduces and kind is np.float64 else 0
                matrix.add("a", source, (array,), ulp=ulp, when=when, decorator="@njit(parallel=True)")
