"""Random programs on square matrices, as NumPy: what cannot be one loop (products, sorting, reductions along axes) next to what can, rows that are
normalised, and arrays that are written by parts of themselves."""

import numpy as np
import pytest
from numir import njit

ARGUMENTS = ["a", "b", "c"]

# An expression, with other expressions in its places.
FORMS = [
    "({} + {})",
    "({} * {})",
    "({} - 0.5 * {})",
    "({} @ {})",
    "np.sort({}, axis=0)",
    "np.sort({}, axis=1)",
    "np.cumsum({}, axis=0)",
    "np.flip({}, 0)",
    "{}.T",
    "{}[::-1]",
    "{}[:, ::-1]",
    "{}.copy()",
    "np.exp(-abs({}))",
    "np.sqrt({} * {} + 1.0)",
    "({} / (1.0 + abs({})))",
    "({} - {}.max())",
    "({} / (1.0 + abs({}).sum(axis=0)))",
    "({} - {}.mean(axis=1, keepdims=True))",
    "({} / (1.0 + abs({}).max(axis=0, keepdims=True)))",
    "(({} * {}).sum(axis=1)[:, None] + {}.std(axis=0))",
    "np.outer({}[0], {}[:, 0])",
    "({} + {}[0])",
    "({} + {}[:, :1])",
    "np.where({} > 0.3, {}, {})",
]

# A part that is written, and what of another array, or of the same, may be read for it.
PARTS = {
    "[1:]": ["[1:]", "[:-1]"],
    "[:-1]": ["[:-1]", "[1:]"],
    "[::-1]": ["[::-1]", ""],
    "[:, 1:]": ["[:, 1:]", "[:, :-1]", "[:, :1]"],
    "[:, ::-1]": ["[:, ::-1]", "[:, :1]", "[:1]"],
    "[1:-1, 1:-1]": ["[1:-1, 1:-1]", "[:-2, 1:-1]"],
    "[0]": ["[0]", "[-1]", "[:, 0]"],
    "[:, 0]": ["[:, 0]", "[:, -1]"],
}

# Reductions along rows with what uses them: of matrices {0} and {2}, into {1}.
ROWS = [
    "e = np.exp(-abs({0} - {0}.max(axis=1, keepdims=True)))\n    {1} = e / e.sum(axis=1, keepdims=True)",
    "{1} = ({0} - {0}.mean(axis=1, keepdims=True)) / ({2}.std(axis=1, keepdims=True) + 1.0)",
    "s = {0}.sum(axis=1)\n    {1} = {2} - s[:, None] / (1.0 + abs(s[:, None]))\n    {1} += s",
    "{1} = 0.5 * {0}\n    {1} -= {1}.mean(axis=-1, keepdims=True)",
    "{0} -= {0}.mean(axis=1, keepdims=True)\n    {1} = {0} + {2}.max(axis=1, keepdims=True)",
    "m = abs({0}).max(axis=1, keepdims=True) + 1.0\n    {0}[...] = {0} / m + {2}\n    {1} = {0} * m",
    "d = {0} * {2}\n    {1} = d - d.min(axis=1)[:, None] + d.var(axis=1)[:, None]",
    "r = {0}.sum(axis=1, keepdims=True)\n    r[0] = 1.0\n    {1} = {2} * r - {0}.min(axis=1)",
    "e = np.exp(-abs({0}))\n    {1} = e / e.sum(axis=1, keepdims=True) - e.max(axis=0)",
]


def expression(rng, names, depth):
    """The text of an expression that gives a matrix."""
    if depth == 0 or rng.random() < 0.25:
        return rng.choice(names)
    form = rng.choice(FORMS)
    return form.format(*(expression(rng, names, depth - 1) for _ in range(form.count("{}"))))


def statement(rng, names):
    """A statement; a new name is added to `names`."""
    kind = rng.random()
    if kind < 0.2:
        first, second, name = rng.choice(names), rng.choice(names), rng.choice(["t", "u", "v", "w"])
        names += [name] if name not in names else []
        return rng.choice(ROWS).format(first, name, second)
    if kind < 0.5:
        name = rng.choice(["t", "u", "v", "w"])
        text = f"{name} = {expression(rng, names, rng.randint(1, 3))}"
        names += [name] if name not in names else []
        return text
    if kind < 0.75:
        part = rng.choice(list(PARTS))
        read = rng.choice(names) + rng.choice(PARTS[part])
        operator = rng.choice(["=", "+=", "-=", "*="])
        return f"{rng.choice(names)}{part} {operator} 0.5 * {read} + {rng.choice(names)}{part}"
    if kind < 0.85:
        return f"{rng.choice(names)} += {expression(rng, names, 1)}"
    if kind < 0.95:
        return f"for _ in range(2):\n        a = 0.5 * {expression(rng, names, 2)}"
    return f"if n > 2:\n        b = {expression(rng, names, 2)}\n    else:\n        b = {expression(rng, names, 1)}"


def program(rng):
    """The text of a function."""
    names = list(ARGUMENTS)
    lines = [statement(rng, names) for _ in range(rng.randint(2, 6))]
    lines.append(f"return {expression(rng, names, 1)}, {rng.choice(names)}, {rng.choice(names)}.max()")
    return "def f(a, b, c, n):\n    " + "\n    ".join(lines) + "\n"


@pytest.mark.parametrize("number", range(24))
def test_random_programs(number, rng, tmp_path):
    text = program(rng)
    path = tmp_path / "program.py"
    path.write_text("import numpy as np\n\n\n" + text)
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    function = names["f"]
    compiled = njit(parallel=rng.random() < 0.4)(function)
    data = np.random.default_rng(rng.randrange(1000))
    for size in (1, 2, rng.choice([3, 5, 40])):
        theirs = [data.standard_normal((size, size)) for _ in ARGUMENTS]
        ours = [array.copy() for array in theirs]
        with np.errstate(all="ignore"):
            expected = function(*theirs, size)
        got = compiled(*ours, size)
        for mine, numpys in zip((*got, *ours), (*expected, *theirs), strict=True):
            # What is left of large numbers is as exact as they are.
            largest = np.max(np.abs(numpys), initial=1.0, where=np.isfinite(numpys))
            np.testing.assert_allclose(mine, numpys, rtol=1e-7, atol=1e-9 * largest, err_msg=text)
