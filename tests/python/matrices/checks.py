"""Random loops over random indices: what the passes prove, hoist or test ahead must end as in CPython, errors, their lines and
the stores before them included."""

import numpy as np

# What a position is made of, from names that are ints in the loop.
INDICES = (
    "{v}", "{v}", "{v}", "{v} - 1", "{v} + 1", "{v} + k", "{v} - k", "n - 1 - {v}", "-{v}", "-1", "0", "2", "2 * {v}",
    "{v} // 2", "{v} % n", "{v} % 5", "min({v}, n - 1)", "max({v} - 1, 0)", "{v} + {w}", "{v} - {w}", "{v} * n + {w}",
    "len(a) - 1 - {v}", "int(x[{v}])", "abs({v} - k)", "{v} & 3", "k", "n", "{v} * k", "{v} + n // 2", "m",
)  # fmt: skip
RANGES = (
    "range(n)", "range(n)", "range(1, n - 1)", "range(k, n)", "range(len(a))", "range(len(b) - 1)", "range(len(x))",
    "range(n - 1, -1, -1)", "range(0, n, 2)", "range(len(a) - 1, 0, -2)", "range({v})", "range({v}, n)", "range(len(c))",
    "range({v} - 1, {v} + 2)", "range(-1, 2)", "range(c.shape[1])", "range(1, c.shape[0] - 1)", "range(3)", "range(k)",
)  # fmt: skip
CONDITIONS = (
    "{i} >= 0", "0 <= {i} < len(a)", "{i} < n", "0 <= {i} and {j} < len(b)", "total > 5.0", "{i} != {j}", "{i} < 0 or {i} >= n",
    "not {i} < 1", "0 <= {i} < c.shape[0] and 0 <= {j} < c.shape[1]", "x[{i}] > 0",
)  # fmt: skip
STATEMENTS = (
    "a[{i}] = b[{j}] + 1.0", "total += c[{i}, {j}]", "c[{i}, {j}] = a[{i}]", "total += a[x[{i}]]", "b[{i}] = a[x[{j}]]",
    "a[x[{i}]] += 1.0", "total += a[{i}]", "b[m] = a[{i}]; m += 1", "total += 7 // int(x[{i}])", "b[{i}] += 1.0",
    "total += float(x[{i}]) * a[x[{i}]]", "c[{i}] = 2.0", "total += c[{i}, x[{j}]]", "m = {i}", "y[{i}] = {j}", "total += b[y[{i}]]",
)  # fmt: skip


def build(matrix, random):
    for _ in range(400):
        body = "total = 0.0\nm = 0\n" + block(random, ["n", "k"], 0) + "\nreturn total, m"
        # Only a single loop is quick enough in CPython for extents of several strips.
        loops = body.count("for ") + body.count("while ")
        for _ in range(4):
            matrix.add("a, b, c, x, y, n, k", body, arguments(random, 600 if loops == 1 else 40 if loops == 2 else 9))
    for _ in range(60):
        # Iterations run in any order: only those count that no error ends.
        inner = indent(without_break(block(random, ["i", "n"], 2).replace("total", "part")))
        body = f"total = 0.0\nfor i in prange(n):\n    m = 0\n    part = 0.0\n{inner}\n    total += part\nreturn total"
        if not any(f"{name}[" in line.split("=")[0] for name in "abcy" for line in body.splitlines()):
            for _ in range(4):
                given = arguments(random, 40)
                matrix.add("a, b, c, x, y, n, k", body, given, when=lambda outcome: outcome.error is None)


def arguments(random, most):
    """Arrays whose extents, values and indices mostly fit together."""
    size = random.choice((0, 1, 2, 5, 9, 9, most, most))
    other = random.choice((size, size, size + 1, max(size - 1, 0)))
    width = random.choice((size, 3, 7)) if size < 50 else 5

    def floats(*shape):
        return np.array([random.randrange(-9, 9) for _ in range(int(np.prod(shape)))], float).reshape(shape)

    low = random.choice((0, 0, -size))
    indices = [random.randrange(low, max(size, 1)) if size else 0 for _ in range(other)]
    if indices and random.random() < 0.3:
        indices[random.randrange(len(indices))] = random.choice((size, -size - 1, 0))
    n = random.choice((size, size, size, size - 1, size + 1, size // 2))
    k = random.choice((0, 1, 1, 2, -1, 3, size))
    x, y = np.array(indices, np.int64), np.zeros(size, np.int32)
    return floats(size), floats(other), floats(min(size, 40), width), x, y, n, k


def block(random, names, depth):
    """A loop, mostly, with something in it."""
    lines = []
    for _ in range(random.choice((1, 1, 2)) if depth else 1):
        if depth < 3 and random.random() < (1.0 if depth == 0 else 0.45):
            name = "ijl"[depth]
            inner = indent(block(random, [name, *names], depth + 1))
            if random.random() < 0.15:
                # `continue` would skip the step.
                step, inner = random.choice((1, 1, 2)), inner.replace("continue", "break")
                lines.append(
                    f"{name} = {random.choice(('0', '1', 'k'))}\nwhile {name} < n:\n{inner}\n    {name} += {step}"
                )
            else:
                lines.append(f"for {name} in {filled(random, random.choice(RANGES), names)}:\n{inner}")
        else:
            lines.append(statement(random, names))
    return "\n".join(lines)


def without_break(text):
    """What would end the loop around the text goes on with the next iteration; inner loops may still be left."""
    lines, loops = [], []
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        loops = [loop for loop in loops if loop < depth]
        if not loops and line.strip() == "break":
            line = line.replace("break", "continue")
        if line.lstrip().startswith(("for ", "while ")):
            loops.append(depth)
        lines.append(line)
    return "\n".join(lines)


def statement(random, names):
    text = filled(random, random.choice(STATEMENTS), names)
    if random.random() < 0.3:
        other = random.choice(("", "\nelse:\n" + indent(filled(random, random.choice(STATEMENTS), names))))
        text = f"if {filled(random, random.choice(CONDITIONS), names)}:\n{indent(text)}{other}"
    elif random.random() < 0.08:
        text += f"\nif {filled(random, random.choice(CONDITIONS), names)}:\n    {random.choice(('break', 'continue'))}"
    return text


def filled(random, template, names):
    """A template with indices and names put in."""
    for place in ("{i}", "{j}"):
        while place in template:
            template = (
                template.replace(place, random.choice(INDICES), 1)
                if random.random() < 0.3
                else template.replace(place, random.choice(INDICES))
            )
    for place in ("{v}", "{w}"):
        while place in template:
            template = template.replace(place, random.choice((names[0], names[0], *names)), 1)
    return template


def indent(text):
    return "\n".join("    " + line for line in text.splitlines())
