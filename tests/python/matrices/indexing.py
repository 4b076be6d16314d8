"""Reading and writing items and slices, in every form, of arrays of every rank and layout."""

import numpy as np

from matrices.values import NUMPY, fill, layout, layouts

SHAPES = {0: [()], 1: [(5,), (1,), (0,)], 2: [(4, 3), (0, 3), (1, 5)], 3: [(2, 3, 4), (3, 0, 2)], 4: [(2, 2, 3, 2)]}
BOUNDS = ("", "0", "1", "2", "-1", "-2", "9", "-9")
STEPS = ("", "1", "2", "-1", "-2", "3", "i")


def build(matrix, random):
    constant_forms(matrix, random)
    random_forms(matrix, random)
    runtime_slices(matrix, random)
    items(matrix, random)
    scalars_and_types(matrix, random)


def constant_forms(matrix, random):
    """Forms that people write."""
    forms = {
        1: "a[0] a[-1] a[:] a[1:] a[:-1] a[::2] a[::-1] a[1:4:2] a[-3:] a[4:1:-1] a[...] a[None] a[:,None] a[3:1]".split(),
        2: "a[0] a[0,1] a[-1,-1] a[:,0] a[1:,::2] a[::-1] a[:,::-1] a[...,1] a[1,...] a[...] a[None] a[:,None] "
        "a[:,np.newaxis,1:] a[0][1] a[1:][0] a[:,1][::2] a[...,None] a[1:3,1] a[:][:,1]".split(),
        3: "a[0] a[0,1] a[0,1,2] a[:,0] a[:,:,0] a[...,0] a[1,...,2] a[:,1:,::2] a[::-1,::-1,::-1] a[None,0,...,None] "
        "a[0,:,1] a[:,None,1,2:0:-1]".split(),
    }
    for rank, sources in forms.items():
        for shape in SHAPES[rank]:
            for kind in layouts(rank):
                for source in sources:
                    array = layout(shape, np.float64, kind, random)
                    matrix.expression("a", copied(source), (array,))
                    matrix.add("a", f"{source} = 7", (array,))
                    matrix.add("a", f"{source} += 2", (array,))


def copied(source):
    """The item, or the view as an array of its own: what the caller gets does not alias the argument."""
    return f"{source} + 0"


def random_forms(matrix, random):
    """Forms by chance, of constants and of parameters."""
    for _ in range(600):
        rank = random.choice((1, 2, 2, 3, 3, 4))
        shape = random.choice(SHAPES[rank])
        array = layout(shape, random.choice((np.float64, np.int16, np.complex64)), random.choice(layouts(rank)), random)
        source = f"a[{', '.join(form(random, rank))}]"
        arguments = (array, random.randrange(-3, 4), random.randrange(-3, 4))
        matrix.expression("a, i, j", copied(source), arguments)
        matrix.add("a, i, j", f"{source} = i", arguments)
        if random.random() < 0.5:
            matrix.add("a, i, j", f"{source} *= 2", arguments)
        matrix.expression("a, i, j", f"{source}.shape", arguments, when=lambda outcome: not failed_on_scalar(outcome))


def failed_on_scalar(outcome):
    """Whether a scalar was asked for its shape in vain."""
    return outcome.error is not None and outcome.error.type == "AttributeError"


def form(random, rank):
    """One entry per axis, some left out behind, an ellipsis and new axes in between."""
    entries = []
    for _ in range(random.randint(1, rank)):
        match random.randrange(8):
            case 0 | 1 | 2:
                entries.append(random.choice(("0", "1", "-1", "i", "j", "i + 1", "-i")))
            case 3 | 4:
                start, stop = random.choice((*BOUNDS, "i")), random.choice((*BOUNDS, "j"))
                entries.append(f"{start}:{stop}")
            case _:
                start, stop, step = random.choice(BOUNDS), random.choice(BOUNDS), random.choice(STEPS)
                entries.append(f"{start}:{stop}:{step}")
    if random.random() < 0.2:
        entries.insert(random.randint(0, len(entries)), "...")
    if random.random() < 0.2:
        entries.insert(random.randint(0, len(entries)), "None")
    return entries


def runtime_slices(matrix, random):
    """All starts, stops and steps of a short array."""
    choices = (-7, -5, -3, -1, 0, 1, 2, 4, 5, 8)
    for start in choices:
        for stop in choices:
            for step in (-6, -2, -1, 1, 2, 3):
                array = fill((5,), np.int32, random)
                matrix.expression("a, i, j, k", "a[i:j:k] * 1", (array, start, stop, step))
                if random.random() < 0.2:
                    matrix.add("a, i, j, k", "a[i:j:k] = k", (array, start, stop, step))
    matrix.expression("a, k", "a[::k] * 1", (np.arange(4), 0))
    for bound in (-(2**63), 2**63 - 1):
        matrix.expression("a, k", "a[k:] * 1", (np.arange(4), bound))
        matrix.expression("a, k", "a[:k] * 1", (np.arange(4), bound))
        for near in (bound, bound + (1 if bound < 0 else -1), bound // 2, bound // 3):
            matrix.expression("a, k", "a[::k] * 1", (np.arange(4), near))
            matrix.expression("a, k", "a[2::k] * 1, a[1:3:k] * 1, a[:1:k] * 1", (np.arange(4), near))
            matrix.expression("a", f"a[::{near}] * 1, a[2::{near}] * 1, a[4:{near}] * 1", (np.arange(4),))


def items(matrix, random):
    """Items at all places, in and out of bounds."""
    for rank in (1, 2, 3):
        for shape in SHAPES[rank]:
            for kind in layouts(rank):
                for _ in range(12):
                    place = tuple(random.randrange(-n - 2, n + 2) for n in shape)
                    names = ", ".join("ijk"[:rank])
                    array = layout(shape, np.float32, kind, random)
                    matrix.expression(f"a, {names}", f"a[{names}]", (array, *place), strict=True)
                    matrix.add(f"a, {names}", f"a[{names}] = 1.5", (array, *place))
    for kind in (np.int8, np.uint8, np.int32, np.uint64, np.bool_):
        if kind is not np.bool_:
            matrix.expression("a, i", "a[i]", (np.arange(5.0), kind(2)), strict=True)
            matrix.expression("a, i", "a[i]", (np.arange(5.0), kind(100)), strict=True)
            matrix.expression("a, i", "a[i:] * 1", (np.arange(5.0), kind(3)))
    matrix.expression("a, i", "a[(i, 1)]", (np.arange(6).reshape(2, 3), 1), strict=True)
    matrix.expression("t, i", "t[1], t[-1], t[1:], t[::-1]", ((1, 2.5, 3), 0))
    matrix.expression("t, i", "t[i]", ((4, 5, 6), 2), strict=True)
    matrix.expression("t, i", "t[i]", ((4, 5, 6), 3), strict=True)
    matrix.expression("t, i", "t[i]", ((4, 5, 6), -3), strict=True)


def scalars_and_types(matrix, random):
    """Items of every type, also of arrays without dimensions."""
    for kind in NUMPY:
        array = fill((3,), kind, random)
        matrix.expression("a", "a[1]", (array,), strict=True)
        matrix.add("a", "a[0] = a[2]\nreturn a[0]", (array,), strict=True)
        zero = fill((), kind, random)
        matrix.expression("a", "a[()]", (zero,), strict=True)
        matrix.add("a", "a[()] = a[()]", (zero,))
        matrix.add("a", "a[...] = 1", (zero,))
        matrix.add("a, x", "a[:] = x", (array, kind(1)))
