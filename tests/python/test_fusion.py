"""Chains of array operations are computed in one loop, and nobody can tell: random programs, as NumPy."""

import re

import numir
import numpy as np
import pytest
from numir import njit

NAMES = ["a", "b", "c", "d"]
REDUCTIONS = ["sum", "min", "max", "mean", "prod"]


def expression(rng, names, depth):
    """An array expression over arrays of one shape, and scalars."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice([*names, *names, "k", "2.0"])
    left, right = (expression(rng, names, depth - 1) for _ in range(2))
    kind = rng.random()
    if kind < 0.7:
        return f"({left} {rng.choice(['+', '-', '*'])} {right})"
    if kind < 0.85:
        return f"np.{rng.choice(['abs', 'floor', 'trunc'])}({left})"
    return f"np.{rng.choice(['minimum', 'maximum'])}({left}, {right})"


def program(rng):
    """The text of a function that makes arrays, writes to its arguments in between, and returns all that it has computed."""
    lines, names, results = [], list(NAMES), []
    for number in range(rng.randint(3, 9)):
        value = expression(rng, names, rng.randint(1, 3))
        kind = rng.random()
        if kind < 0.4:
            lines.append(f"x{number} = {value} + a * 0.0")
            names.append(f"x{number}")
        elif kind < 0.6:
            reduction = rng.choice(REDUCTIONS)
            if reduction == "prod":
                # No order of such factors leaves the range of floats, where 0 times infinity is no number.
                value = f"np.minimum(np.maximum({value}, 0.9), 1.1) * 1.0"
                lines.append(f"r{number} = np.prod({value} + 0.0 * a)")
            else:
                lines.append(f"r{number} = np.{reduction}({value} + a)")
            results.append(f"r{number}")
        elif kind < 0.75:
            lines.append(f"{rng.choice(NAMES)}[:] = {value}")
        elif kind < 0.85:
            lines.append(f"{rng.choice(names)} {rng.choice(['+', '-', '*'])}= {value}")
        elif kind < 0.95:
            lines.append(f"{rng.choice(NAMES)}[1:] = ({value} + a)[:-1]")
        else:
            lines.append(f"{rng.choice(NAMES)}[0] = 7.0")
    returned = ", ".join(["k", *results, *(name for name in names if name not in NAMES)])
    return "def f(a, b, c, d, k):\n    " + "\n    ".join(lines) + f"\n    return ({returned},)\n"


def arguments(rng, rank):
    """Arrays of one shape, some of which lie in the same memory."""
    shape = (rng.randint(1, 5),) * (rank - 1) + (rng.choice([1, 3, 130, 300]),)
    memory = np.round(np.random.default_rng(rng.randrange(1000)).normal(size=(*shape[:-1], 2 * shape[-1] + 1)), 1)
    n = shape[-1]
    views = [memory[..., :n], memory[..., 1 : n + 1], memory[..., n::-1][..., :n], memory[..., : 2 * n : 2]]
    return [rng.choice([view, view.copy(), view.copy(), np.asfortranarray(view)]) for view in views]


def copied(arrays):
    """The same arrays in other memory, that share it as before."""
    bases = {}
    for array in arrays:
        base = array if array.base is None else array.base
        bases.setdefault(id(base), (base, base.copy(order="K")))
    found = []
    for array in arrays:
        base, other = bases[id(array if array.base is None else array.base)]
        offset = array.__array_interface__["data"][0] - base.__array_interface__["data"][0]
        found.append(
            np.ndarray(
                array.shape,
                array.dtype,
                other.data if other.flags.c_contiguous else other.T.data,
                offset,
                array.strides,
            )
        )
    return found


@pytest.mark.parametrize("number", range(24))
def test_random_programs(number, rng, tmp_path):
    text = program(rng)
    path = tmp_path / "program.py"
    path.write_text("import numpy as np\n\n\n" + text)
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    compiled = njit(names["f"])
    rank = rng.randint(1, 3)
    for _ in range(3):
        ours = arguments(rng, rank)
        theirs = copied(ours)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)
        with np.errstate(all="ignore"):
            expected = names["f"](*theirs, 0.5)
        got = compiled(*ours, 0.5)
        for mine, numpys in zip((*got, *ours), (*expected, *theirs), strict=True):
            np.testing.assert_allclose(mine, numpys, rtol=1e-9, atol=1e-9, err_msg=text)


def distance(a, b):
    return np.sum((a - b) ** 2)


DTYPES = ["float64", "float32", "float16", "int64", "int8", "uint16", "complex128", "bool"]
SHAPES = [(0,), (1,), (127,), (128,), (129,), (1000,), (3, 5), (4, 0), (2, 3, 70), (300, 1)]


@pytest.mark.parametrize(
    ("dtype", "reduction"),
    [
        (dtype, reduction)
        for dtype in DTYPES
        for reduction in ("sum", "prod", "min", "max")
        # Complex numbers have no order.
        if (dtype, reduction) not in (("complex128", "min"), ("complex128", "max"))
    ],
)
def test_reductions(dtype, reduction):
    def reduced(a, b):
        return getattr(np, reduction)(a * b)

    text = {"sum": lambda a, b: np.sum(a * b), "prod": lambda a, b: np.prod(a * b)}
    text |= {"min": lambda a, b: np.min(a * b), "max": lambda a, b: np.max(a * b)}
    compiled = njit(text[reduction])
    for shape in SHAPES:
        size = int(np.prod(shape))
        a = (np.arange(size).reshape(shape) % 7 - 3).astype(dtype)
        for b in [a, a + a, a[..., :1], a[::-1], np.asfortranarray(a), a[:1]]:
            outcome = []
            for function in (reduced, compiled):
                try:
                    with np.errstate(all="ignore"):
                        outcome.append(function(a, b))
                except ValueError as error:
                    outcome.append(str(error))
            if isinstance(outcome[0], str):
                assert outcome[1] == outcome[0]
            else:
                tolerance = {"float16": 2e-2, "float32": 1e-5}.get(dtype, 1e-12)
                np.testing.assert_allclose(outcome[1], outcome[0], rtol=tolerance, err_msg=f"{shape} {b.shape}")


def test_the_sum_is_that_of_the_array():
    """To the bit: whether there is an array in between makes no difference."""
    chain = njit(lambda a, b: np.sum(a * b))

    @njit
    def steps(a, b):
        product = a * b
        return np.sum(product), product

    for n in (1, 5, 127, 128, 129, 100_003):
        a, b = np.random.default_rng(n).normal(size=(2, n))
        assert chain(a, b) == steps(a, b)[0]


@pytest.mark.parametrize(
    "shapes",
    [
        ((3,), (4,), (4,)),
        ((3,), (1,), (4,)),
        ((2, 3), (4,), (1,)),
        ((2, 1), (3,), (2, 4)),
        ((3,), (3,), (2, 2)),
        ((1,), (2,), (3,)),
    ],
)
def test_shapes_that_do_not_fit(shapes):
    """The operands of the first operation that they do not fit, as NumPy names them."""

    def chained(a, b, c):
        return (a + b) * c - 1.0

    def assigned(a, b, c):
        c[:] = (a + b) * 2.0

    def summed(a, b, c):
        x = a + b
        return np.sum(x * c)

    for function in (chained, assigned, summed):
        messages = []
        for run in (function, njit(function)):
            with pytest.raises(ValueError) as error:
                run(*(np.ones(shape) for shape in shapes))
            messages.append(str(error.value))
        assert messages[0].strip() == messages[1].strip()


def test_no_arrays_in_between():
    """The peak of the resident set does not grow with the arrays."""
    compiled = njit(distance)
    compiled(np.ones(3), np.ones(3))

    def peak():
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s*(\d+)", status.read())[1]) * 1024

    a, b = np.ones(4_000_000), np.zeros(4_000_000)
    before = peak()
    assert compiled(a, b) == 4_000_000.0
    assert peak() - before < 8_000_000


def test_views_of_other_types():
    """What is written in between may be the same bytes as items of another type."""

    def written(a, view):
        more = a + 1
        view[0] = 0
        return more.sum()

    compiled = njit(written)
    for make in (lambda a: a.view(np.int64), lambda a: a.view(np.uint8), lambda a: a.view(np.float32)):
        mine, numpys = np.arange(1.0, 4.0), np.arange(1.0, 4.0)
        assert compiled(mine, make(mine)) == written(numpys, make(numpys))
    mine, numpys = np.arange(3) * (1 + 1j), np.arange(3) * (1 + 1j)
    assert compiled(mine, mine.real) == written(numpys, numpys.real)


def test_it_is_seen():
    compiled = njit(distance)
    compiled(np.ones(3), np.ones(3))
    text = compiled.inspect("numeric")
    assert "numeric.map_reduce add" in text
    assert "numeric.map " not in text
    assert numir.__version__


def test_views_of_two_names_of_one_array():
    def neighbours(a, b):
        a[1:] = b[:-1] + b[1:]

    # Taken as a whole, both are the same items in the same order; their views are not.
    got, wanted = np.arange(6.0), np.arange(6.0)
    numir.njit(neighbours)(got, got[:])
    neighbours(wanted, wanted[:])
    np.testing.assert_array_equal(got, wanted)


def test_a_stretched_part_of_what_is_written():
    """The first column is read for every item of its row, the first of which is written first."""

    def columns(a):
        a -= a[:, :1]

    def rows(a):
        a[:] = a[:1] * 2.0 + a

    def item(a):
        a /= a[:1, :1]

    def last(a):
        a[:, ::-1] += a[:, -1:]

    def one_row(a):
        for i in range(len(a)):
            a[i] -= a[i, :1]

    for program in (columns, rows, item, last, one_row):
        for shape in [(3, 4), (1, 5), (5, 1), (40, 70)]:
            expected = np.random.default_rng(1).random(shape) + 1.0
            got = expected.copy()
            program(expected)
            njit(program)(got)
            np.testing.assert_allclose(got, expected, rtol=1e-15, err_msg=f"{program.__name__} {shape}")
