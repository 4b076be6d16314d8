"""Random programs in the language: well typed, ending, and inside of what 64 bits hold, so that CPython's answer is the answer.

Bounds of integers are followed while expressions are made: what could leave 64 bits is reduced by a modulus.
"""

import random

LIMIT = 1 << 60
SETTLED = 1_000_003
FLOATS = ["0.0", "1.0", "-1.5", "0.1", "3.25", "1e-3", "100.0", "2.5e4"]
HEAD = "import math\n\nimport numpy as np\nfrom numir import float64, int64, njit, prange\n\nSCALE = 3\nHALF = 0.5\n"


class Maker:
    """Makes one program. `text` is the file; `main(n: int, x: float, v, w, m)` is what is called."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.depth = 0
        self.loops = 0
        self.fresh = 0
        self.helpers: list[tuple[str, str]] = []
        self.fixed: set[str] = set()
        self.arrays = True

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def name(self, stem: str) -> str:
        self.fresh += 1
        return f"{stem}{self.fresh}"

    def line(self, text: str):
        self.lines.append("    " * self.depth + text)

    # Expressions: the text, for integers with a bound on the absolute value.

    def integer(self, depth: int = 3) -> tuple[str, int]:
        r = self.random
        if depth <= 0 or self.chance(15):
            names = [(name, SETTLED) for name in self.ints] + [("SCALE", 3)]
            return r.choice(names) if self.chance(70) else (str(r.randint(-9, 40)), 40)
        kind = r.randrange(16)
        a, bound_a = self.integer(depth - 1)
        b, bound_b = self.integer(depth - 1)
        if kind < 5:
            text, bound = f"({a} {self.pick('+', '-')} {b})", bound_a + bound_b
        elif kind < 7:
            text, bound = f"({a} * {b})", bound_a * bound_b
        elif kind == 7:
            text, bound = f"({a} {self.pick('//', '%')} {b})", max(bound_a, bound_b) + 1
        elif kind == 8:
            text, bound = f"({a} {self.pick('&', '|', '^')} {b})", 2 * max(bound_a, bound_b)
        elif kind == 9:
            by = r.randrange(6)
            text, bound = f"({a} {self.pick('<<', '>>')} {by})", bound_a << by
        elif kind == 10:
            text, bound = f"{self.pick('min', 'max')}({a}, {b})", max(bound_a, bound_b)
        elif kind == 11:
            text, bound = f"({a} if {self.truth(depth - 1)} else {b})", max(bound_a, bound_b)
        elif kind == 12:
            text, bound = f"{self.pick('abs', '-', '+', '~', 'int')}({a})", bound_a + 1
        elif kind == 13:
            text, bound = f"int(max(-1e6, min(1e6, {self.real(depth - 1)})))", SETTLED
        elif kind == 14 and self.arrays:
            text, bound = self.pick((f"int({self.item('w', depth)})", SETTLED), ("len(v)", 64), ("m.shape[1]", 64))
        else:
            text, bound = f"({a} % 7) ** {r.randrange(4)}", 343
        return (f"({text} % {SETTLED})", SETTLED) if bound > LIMIT else (text, bound)

    def index(self, depth: int) -> str:
        """Mostly inside."""
        inner = self.integer(depth - 2)[0]
        return self.pick(f"{inner} % {self.pick(8, 8, 8, 9)}", str(self.random.randint(-8, 7)), inner)

    def item(self, array: str, depth: int) -> str:
        if array == "m":
            return f"m[{self.index(depth)} % 4, {self.index(depth)} % 5]"
        return f"{array}[{self.index(depth)}]"

    def real(self, depth: int = 3) -> str:
        r = self.random
        if depth <= 0 or self.chance(15):
            return r.choice([*self.reals, "HALF"]) if self.chance(75) else r.choice(FLOATS)
        a, b = self.real(depth - 1), self.real(depth - 1)
        kind = r.randrange(14)
        if kind < 6:
            return f"({a} {self.pick('+', '-', '*')} {b})"
        if kind == 6:
            return f"({a} / {b})" if self.chance(40) else f"({a} / (1.5 + abs({b})))"
        if kind == 7:
            return f"math.{self.pick('sin', 'cos', 'atan', 'tanh', 'fabs')}({a})"
        if kind == 8:
            return self.pick(f"math.sqrt(abs({a}))", f"math.exp(-abs({a}))", f"math.hypot({a}, {b})")
        if kind == 9:
            return f"({a} if {self.truth(depth - 1)} else {b})"
        if kind == 10:
            return f"float({self.integer(depth - 1)[0]})"
        if kind == 11:
            return f"({a} {self.pick('//', '%')} {b})"
        if kind == 12 and self.helpers:
            name, _ = r.choice(self.helpers)
            return f"{name}({self.integer(depth - 1)[0]}, {a})[1]"
        if not self.arrays:
            return f"({a}) ** 2"
        return self.pick(
            f"float({self.item('v', depth)})", f"float({self.item('m', depth)})", "float(v.sum())", "float(m.max())"
        )

    def truth(self, depth: int = 2) -> str:
        if depth <= 0 or self.chance(50):
            compare = self.pick("<", "<=", ">", ">=", "==", "!=")
            if self.chance(50):
                return f"{self.integer(depth - 1)[0]} {compare} {self.integer(depth - 1)[0]}"
            middle = f" < {self.real(depth - 1)}" if self.chance(20) else ""
            return f"{self.real(depth - 1)} {compare} {self.real(depth - 1)}{middle}"
        return self.pick(
            f"not ({self.truth(depth - 1)})",
            f"({self.truth(depth - 1)} {self.pick('and', 'or')} {self.truth(depth - 1)})",
            f"bool({self.integer(depth - 1)[0]})",
        )

    # Statements.

    def settle(self, name: str, text: str, bound: int):
        self.line(f"{name} = {text}" if bound <= SETTLED else f"{name} = ({text}) % {SETTLED}")

    def assignable(self) -> list[str]:
        return [name for name in self.ints if name not in self.fixed]

    def statement(self):
        kind = self.random.randrange(22)
        if kind < 4:
            self.settle(self.random.choice(self.assignable()), *self.integer())
        elif kind < 7:
            self.line(f"{self.random.choice(self.reals)} = {self.real()}")
        elif kind == 7:
            self.line(f"{self.random.choice(self.reals)} {self.pick('+=', '-=', '*=')} {self.real(2)}")
        elif kind < 10 and self.depth < 5:
            self.branch()
        elif kind < 13 and self.depth < 5 and self.loops < 2:
            self.loop()
        elif kind == 13:
            first, second = self.random.choice(self.assignable()), self.random.choice(self.reals)
            whole, bound = self.integer(2)
            whole = whole if bound <= SETTLED else f"({whole}) % {SETTLED}"
            self.line(f"{first}, {second} = {whole}, {self.real(2)}")
        elif kind == 14 and self.loops:
            self.line(f"if {self.truth()}:")
            self.line(f"    {self.pick('break', 'continue')}")
        elif kind == 15 and self.helpers:
            name, _ = self.random.choice(self.helpers)
            self.line(f"_, {self.random.choice(self.reals)} = {name}({self.integer(1)[0]}, {self.real(1)})")
        elif kind == 16 and self.chance(30):
            self.line(f"if {self.truth()}:")
            self.line(f'    raise {self.pick("ValueError", "IndexError", "RuntimeError")}("stop")')
        elif kind > 19 or kind == 17 and self.chance(50):
            self.odd_statement()
        elif kind == 17 and self.chance(30):
            self.line(f"print({self.integer(1)[0]}, {self.truth(1)})")
        elif self.arrays:
            self.array_statement()
        else:
            self.line(f"{self.random.choice(self.reals)} = {self.real()}")

    def odd_statement(self):
        """What is written less often."""
        a, b = self.integer(1)[0], self.integer(1)[0]
        number, real = self.random.choice(self.assignable()), self.random.choice(self.reals)
        fresh = self.name("t")
        pattern = [f"{fresh} = ({a}, {self.real(1)}, ({b}, {self.truth(1)}))", f"{real} = {fresh}[1]"]
        statements = [
            [*pattern, f"{number} = {fresh}[2][0] % {SETTLED}"],
            [f"{fresh} = lambda p, q=2: p % 100 * q", f"{number} = {fresh}({a}) + {fresh}({b}, q=3)"],
            [
                f"first{fresh}, *{fresh} = ({a}, {b}, 3, 4)",
                f"{number} = (first{fresh} + {fresh}[-1] + len({fresh})) % {SETTLED}",
            ],
            [f"if ({fresh} := {a} % 50) > 3:", f"    {number} = {fresh}"],
            [f"assert {self.truth(1)} or {number} == {number}, 'never'"],
            [f"{number}, {real} = divmod({a} % {SETTLED}, 7)[1], round({real}, 2)"],
            [
                f"match {a} % 4:",
                "    case 0 | 3:",
                f"        {number} = 1",
                "    case _:",
                f"        {number} = {b} % 99",
            ],
            [
                f"def inner{fresh}(p):",
                f"    return p * 2 + {number}",
                f"{number} = inner{fresh}({a} % 100) % {SETTLED}",
            ],
            [f"{number} = sum(({a} % 9, {b} % 9, {number})) % {SETTLED}"],
            [f"{real} = {self.pick('max', 'min')}({real}, {self.real(1)}, {self.real(1)})"],
            [
                f"{fresh} = complex({real}, {self.real(1)})",
                f"{real} = ({fresh} * {fresh}.conjugate()).real + abs({fresh})",
            ],
            [f"{number} = {fresh} = {a} % 7", f"{number} <<= {fresh}"],
            [f"{fresh} = {self.truth(1)} and {self.truth(1)}", f"{number} += {fresh}"],
        ]
        if self.arrays:
            dtype = self.pick("uint8", "int16", "float32", "complex64", "bool_", "int32")
            statements += [
                [
                    f"for {fresh}, other{fresh} in zip(v, reversed(w)):",
                    f"    {real} = float({fresh}) + int(other{fresh}) % 9",
                ],
                [
                    f"{fresh} = np.{self.pick('zeros', 'ones')}({self.random.randint(0, 5)}, np.{dtype})",
                    f"{number} = len({fresh})",
                ],
                [f"{fresh} = w.astype(np.{dtype})", f"{number} = {fresh}.itemsize * {fresh}.size"],
                [f"{fresh} = np.arange({a} % 9)", f"{number} = int({fresh}.sum() + {fresh}.size) % {SETTLED}"],
                [f"{fresh} = m.reshape({self.pick('20', '(2, 10)', '(-1, 5)', '(3, 7)')})", f"{number} = {fresh}.size"],
                [f"{fresh} = v > {real}", f"{number} = int({fresh}.sum())"],
                [f"for {fresh} in m:", f"    {real} = float({fresh}.max())"],
                [
                    f"{fresh} = m[..., None].T",
                    f"{number} = {fresh}.ndim * 100 + {fresh}.shape[{self.pick(0, 1, 2, 3)}]",
                ],
                [f"{fresh} = np.linspace({real}, 1.0, 5)", f"{real} = float({fresh}[{self.random.randint(-5, 4)}])"],
                [f"{fresh} = np.full((2, 3), {number})", f"{number} = int({fresh}[1, {self.random.randint(-3, 3)}])"],
            ]
        for line in self.random.choice(statements):
            self.line(line)
        if self.depth and "<<=" in self.lines[-1]:
            self.line(f"{number} %= {SETTLED}")

    def array_statement(self):
        low, high = self.random.randint(-9, 4), self.random.randint(3, 9)
        x, step = self.real(1), self.pick(1, 2, 3, -1)
        statements = [
            f"{self.item('v', 3)} = {self.real(2)}",
            f"{self.item('v', 3)} {self.pick('+=', '*=')} {x}",
            f"{self.item('w', 3)} = {self.integer(1)[0]} % {SETTLED}",
            f"{self.item('m', 3)} = {x}",
            f"v = v * {x} + v[::-1]",
            f"v[{low}:{high}] = {x}",
            f"v[{low}:{high}] = v[{low}:{high}][::-1]",
            f"v[::{step}] += {x}",
            f"v = np.zeros({self.pick(8, 8, 8, 5)})",
            "v = v.copy()",
            f"m[{self.random.randint(-4, 4)}, :] = {x}",
            "m = m.T.copy().T",
            f"m[:, 1] = m[:, {self.random.randint(-5, 5)}] * {x}",
            f"m[1:, :] -= m[{self.pick(':-1', '1:', '::-1', '0')}, :]",
            "v[:4] = m[:, 2]",
            f"w = w + {self.random.randint(0, 3)}",
            f"w = (w * 3) % {SETTLED}",
            f"v = np.where(v > {x}, v, 0.0)" if self.chance(5) else f"v[1:] = v[:-1] + {x}",
        ]
        self.line(self.random.choice(statements))

    def block(self, most: int = 3):
        self.depth += 1
        for _ in range(self.random.randint(1, most)):
            self.statement()
        self.depth -= 1

    def branch(self):
        self.line(f"if {self.truth()}:")
        self.block()
        if self.chance(25):
            self.line(f"elif {self.truth()}:")
            self.block()
        if self.chance(50):
            self.line("else:")
            self.block()

    def loop(self):
        kind = self.random.randrange(6)
        known = list(self.ints), list(self.reals), set(self.fixed)
        variable = self.name("i")
        if kind < 3:
            bounds = self.pick("{0} % 6", "2, {0} % 9", "{0} % 8, -1, -1", "0, {0} % 12, 2", "5")
            self.line(f"for {variable} in range({bounds.format(self.integer(1)[0])}):")
        elif kind == 3 and self.arrays:
            element = self.name("e")
            self.line(f"for {variable}, {element} in enumerate(v):")
            self.line(f"    {element} = float({element})")
            self.reals.append(element)
        elif kind == 4:
            self.line(f"{variable} = {self.random.randint(0, 6)}")
            self.line(f"while {variable} > 0 and {self.truth(1)}:")
            self.line(f"    {variable} -= 1")
        else:
            self.line(f"for {variable} in ({self.random.randint(0, 9)}, {self.random.randint(-9, 9)}, SCALE):")
        self.ints.append(variable)
        self.fixed.add(variable)
        self.loops += 1
        self.block()
        self.loops -= 1
        if self.chance(15):
            self.line("else:")
            self.block(1)
        self.ints, self.reals, self.fixed = known

    def helper(self):
        name = self.name("helper")
        self.ints, self.reals, self.fixed, self.arrays = ["a"], ["x"], set(), False
        self.line(f"\n\n@njit\ndef {name}(a, x{self.pick('', '=1.5')}):")
        self.depth = 1
        self.line(f"a = int(a) % {SETTLED}")
        for _ in range(self.random.randint(1, 3)):
            self.statement()
        if self.chance(25):
            self.line(f"if {self.truth()}:")
            self.line("    return a, x")
        self.line(f"return a + 1, {self.real(2)}")
        self.depth = 0
        self.helpers.append((name, "a, x"))

    def program(self) -> str:
        self.lines = [HEAD]
        for _ in range(self.random.randrange(3)):
            self.helper()
        self.ints, self.reals, self.fixed, self.arrays = ["n", "k"], ["x", "y"], set(), True
        self.line("\n\n@njit\ndef main(n: int, x: float, v: float64[:], w: int64[:], m: float64[:, :]):")
        self.depth = 1
        self.line(f"k, y = {self.random.randint(0, 9)}, {self.random.choice(FLOATS)}")
        for _ in range(self.random.randint(2, 8)):
            self.statement()
        if self.chance(20):
            self.line(f"for p in prange({self.random.randint(0, 40)}):")
            self.line(f"    k += p * {self.random.randint(1, 9)}")
        self.line("return int(n), int(k), float(x), float(y), (float(v.sum()), int(w.sum())), float(m.sum())")
        return "\n".join(self.lines) + "\n"


def program(seed: int) -> str:
    """The program of a seed."""
    return Maker(seed).program()
