"""Statements and expressions: assignment in every form, conditions, match, raise and assert, functions inside functions."""

import numpy as np

# Bodies of `def f(x, y)` and the arguments to try.
NUMBERS = [(3, 4), (0, -2), (2.5, 1), (-1, 0.0)]
BODIES = (
    # Assignment.
    "a = b = x\nb += y\nreturn a, b",
    "a: float = x + 0.5\nreturn a * y",
    "a: int\na = 5\nreturn a + y",
    "a, b = x, y\na, b = b, a\nreturn a, b",
    "(a, b), c = (x, y), 3\nreturn a, b, c",
    "a, *b = x, y, 3\nreturn a, b[0], b[1], len(b)",
    "*a, b = x, y, 3\nreturn a[0] + a[1], b",
    "a, *b, c = x, y\nreturn a, len(b), c",
    "a = b, c = x, y\nreturn a[0], a[1], b, c",
    "a = x\na += y\na -= 1\na *= 2\nreturn a",
    "a = x\na //= 2\na %= 3\na **= 2\nreturn a",
    "if x > 1:\n    a = 1\nelse:\n    a = 2.5\nreturn a + y",
    "a = x\na = a, y\nreturn a[1]",
    "a = 1\na = 'text'\na = (x, a)\nreturn a[0]",
    "del_ = x\npass\nreturn del_",
    "a = x; b = y; return a - b",
    # Parts of complex arrays.
    "z = np.zeros((3, 3), np.complex64)\nz.real[0] += 1.5\nz.imag[1, 2] = x\nz.real[-1, -1] -= y\nreturn z",
    "z = np.ones(4, np.complex128)\nz.imag[1::2] = x\nz.real += z.imag\nz.imag **= 2\nz.real[::-2] *= y\nreturn z",
    "z = np.ones((2, 3), np.complex128)\nz.T.imag[0, 1] = x\nz.real[:, ::2] -= np.arange(2)[:, np.newaxis]\nreturn z, z.real",
    "return isinstance('a', str), isinstance(x, str), isinstance((x, y), (str, tuple))",
    # Conditions.
    "return x if y else -1.0",
    "return 1 if x < y else 2 if x == y else 3",
    "return x and y",
    "return x or y",
    "return x and y or 7",
    "return not x, not (x and y)",
    "return x < y < 5, x <= y != 3, 0 <= x <= 3",
    "return x == y == y, x is None, y is not None",
    "n = 0\nif x < (n := n + 1) < y:\n    return n\nreturn -n",
    "if x > 0 and y > 0:\n    return 1\nelif x > 0 or y > 0:\n    return 2\nreturn 3",
    "if not x:\n    return 1.5\nreturn 2",
    "if (a := x * 2) > 4:\n    return a\nelse:\n    return -a",
    "return (a := x + 1), a * 2",
    "return x in (1, 3, 5), y not in (0, 1)",
    # Early ends.
    "if x > 2:\n    return None\nreturn y",
    "if x > 2:\n    return\nreturn None",
    "if x > 2:\n    raise ValueError('too large')\nreturn x",
    "if y == 0:\n    raise ZeroDivisionError\nreturn x / y",
    "assert x >= 0\nreturn x",
    "assert x >= 0, 'x is negative'\nreturn y",
    "if x == 0:\n    raise IndexError('zero')\nelif x < 0:\n    raise KeyError('negative')\nreturn 1",
    "while True:\n    if x > 10:\n        return x\n    x += 3",
    "for i in range(5):\n    for j in range(5):\n        if i * j > x + 5:\n            return i, j\nreturn None",
    # Names that only some iterations of a loop bind.
    "for i in range(4):\n    if i == 0:\n        a = x\n    y += a\nreturn y",
    "for i in range(4):\n    if i == 1:\n        a = i\nreturn a + x",
    "for i in range(4):\n    if i == 1:\n        a = np.full(3, x)\nreturn a + y",
    "k = 4\nfor i in range(3):\n    for j in range(k):\n        y += j\n    y += j\n    k = 0\nreturn y, j",
    "k = i = 0\nwhile i < 3:\n    for j in range(4 - k):\n        for h in range(j):\n            k = 4\n    i += 1\nreturn h, j",
    "k = 4\nfor i in range(3):\n    for j in range(k):\n        if y > 50:\n            break\n    else:\n        for h in (2, x):\n            y = min(30, j - k)\n    k = 0\nreturn y, j, h",
    "for i in range(3):\n    if i == 5:\n        a = x\nreturn a",
    # Operators as functions.
    "import operator\nreturn operator.add(x, y), operator.sub(x, y), operator.mul(x, y), operator.truediv(x, y)",
    "import operator\nreturn operator.floordiv(x, y), operator.mod(x, y), operator.pow(abs(x), 2), operator.neg(x)",
    "import operator\nreturn operator.lt(x, y), operator.ge(x, y), operator.eq(x, y), operator.ne(x, y), operator.not_(x)",
    "import operator\nreturn operator.and_(7, 12), operator.or_(1, 6), operator.xor(5, 3), operator.lshift(3, 2), operator.inv(4)",
    "from operator import iadd, getitem, setitem, contains, truth\na = np.arange(4)\nsetitem(a, 1, 9)\n"
    "return iadd(a, 2), getitem(a, -1), contains((1, 2), 2), truth(y)",
    # Functions in functions.
    "g = lambda a: a * a + y\nreturn g(x), g(2)",
    "def g(a, b=2):\n    return a * b + y\nreturn g(x), g(x, 3), g(b=1, a=x)",
    "def g(*a):\n    return len(a)\nreturn g(), g(x), g(x, y)",
    "def g(a, *, b):\n    return a - b\nreturn g(x, b=y)",
    "def g(a):\n    def h(b):\n        return a + b + y\n    return h(1) + h(a)\nreturn g(x)",
    "z = 1\ndef g():\n    return z + x\nz = 5\nreturn g()",
    "return (lambda a, b=3: a + b)(x)",
    # Tuples.
    "t = (x, y, 3)\nreturn t[0], t[-1], t[1:], len(t), t[::-1]",
    "t = (x,) + (y, 1)\nreturn t",
    "t = (x, (y, 2.0))\nreturn t[1][0], t == (x, (y, 2.0))",
    "return (1, x) < (1, y), (x, y) == (y, x), (x, y) != (x, y)",
    "t = x, y\nreturn (*t, 5, *t)",
    "t = (x, y) * 2\nreturn t",
    "t = ()\nreturn len(t), bool(t), x",
    "return max((x, 1), (y, 2))",
    # A name bound in a branch of a loop that is left, whose bound the loop changes.
    "for i in range(0, 14, 2):\n    if x:\n        y = 0\n        k = 3\n    if i:\n        break\nreturn y",
    "for i in range(5):\n    if x > i:\n        y = 0\n        k = 3\n    if i == 2:\n        break\nreturn y, i, x",
    "while True:\n    if x:\n        y = 0\n        k = 3\n    if not y:\n        break\n    y = 0\nreturn y",
    # Numbers.
    "return x + 1j, (x + 2j) * 1j, (1j).real",
    "return 1_000 + x, 0xff, 0b101, 0o17, 1e3",
    "return x / 2, x // 2, x % 2, -x // 2, -x % 2",
    "return +x, -x, abs(x), x * -1",
    "return True + x, True and x, False or y",
    "return 7 // 2, -7 // 2, 7 % -3, 2 ** 10, 2 ** -1, 1 << 4, ~5",
    "return 10 ** 18 + 1, 2 ** 62, -2 ** 63",
)
MATCHES = """
match x:
    case 0:
        return 10
    case 1 | 2:
        return 20
    case -3:
        return 30
    case n if n > 100:
        return n + 1
    case 5 as five:
        return five * 2
    case _:
        return -1
"""
SEQUENCES = """
match (x, y):
    case (0, 0):
        return 0
    case (0, b):
        return b
    case (a, 0):
        return -a
    case (a, b) if a == b:
        return 2 * a
    case _:
        return 100
"""
OPTIONAL = """
best = None
for i in range(x):
    if i * i > y:
        best = i
        break
if best is None:
    return -1
return best + 1
"""
STRINGS = """
word = "less"
other = "greater"
if x < y:
    print(word, x, y)
else:
    print(other, y, x, sep="-")
return word == "less", word != other, word < other, len(word), "ess" in word, word is None
"""
PRINTS = (
    "print(x, y)",
    "print(x, y, sep=', ', end='.\\n')",
    "print()",
    "print((x, y), (x,), ())",
    "print('a', None, True, x, sep='')",
    "print(x * 1.0, y / 3, 1e100 * x)",
    "print(complex(x, y), -0.0, 1j)",
    "print(np.float32(x), np.int8(1), np.float64(0.1), np.complex64(1j))",
    "print((np.float32(x), np.int8(1), np.bool_(True)))",
    "print('x =', x)\nprint('y =', y, end='')",
)


def build(matrix, random):
    for body in BODIES:
        for arguments in NUMBERS:
            matrix.add("x, y", body, arguments)
            matrix.add("x, y", body, (np.float64(arguments[0]), np.int32(arguments[1])), when=no_numpy_message)
    for value in (0, 1, 2, -3, 5, 6, 101, np.int8(2), np.uint64(5), True):
        matrix.add("x", MATCHES, (value,))
    for x, y in ((0, 0), (0, 3), (4, 0), (5, 5), (5, 6)):
        matrix.add("x, y", SEQUENCES, (x, y), strict=True)
        matrix.add("x, y", OPTIONAL, (x, y))
        matrix.add("x, y", STRINGS, (x, y))
    for body in PRINTS:
        for arguments in ((1, 2), (-2.5, 3), (True, 0), (10**15, 1e16), (float("nan"), 0.1)):
            matrix.add("x, y", body, arguments)
    for message in ("'text'", "'one', x", "x", ""):
        for kind in (
            "ValueError",
            "RuntimeError",
            "TypeError",
            "ArithmeticError",
            "StopIteration",
            "NotImplementedError",
        ):
            matrix.add("x", f"raise {kind}({message})", (3,))


def no_numpy_message(outcome):
    """NumPy's scalars do not raise where Python's do; the operators' matrix covers that."""
    return outcome.error is None
