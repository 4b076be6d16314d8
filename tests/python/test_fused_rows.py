"""Reductions along the last axes and what uses them are one loop over rows: results as NumPy's, the same on the pool, and no whole arrays in
between."""

import warnings

import numir
import numpy as np
import pytest
from numir import _remarks

DATA = np.random.default_rng(23)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def variance(x):
    return x.var(axis=-1)


def scores(x):
    return (x - x.mean(axis=-1, keepdims=True)) / (x.std(axis=-1, keepdims=True) + 1)


def spread(x):
    low, high = x.min(axis=-1), x.max(axis=-1)
    return low, high, (x - low[..., None]) / (high - low + 1)[..., None]


def sums(x):
    total = x.sum(axis=-1, keepdims=True)
    share = x / (abs(total) + 1)
    return total, share, share.max(axis=-1), (share * share).sum(axis=-1), x.sum(axis=-1) / x.shape[-1]


def dims(x):
    total = x.sum(axis=-1, keepdims=True)
    e = np.exp(-abs(x - total / (1 + abs(total))))
    count = e.shape[-1] * total.shape[-1] + total.ndim
    return e.sum(axis=-1) / count, total.size, e


def shares(x):
    e = np.exp(-abs(x))
    return e / e.sum(axis=-1, keepdims=True), e.max(axis=-1)


def columns(x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True), x.var(axis=0)


PROGRAMS = [softmax, variance, scores, spread, sums, dims, shares, columns]
SHAPES = [(1, 1), (1, 5), (5, 1), (3, 2), (4, 127), (4, 128), (3, 129), (2, 300), (2, 3, 4), (3, 1, 5), (2, 2, 130)]


def layouts(array):
    """The array as it is, column by column, with gaps, backwards, and with its axes exchanged."""
    gaps = np.zeros(tuple(2 * size for size in array.shape), array.dtype)[
        tuple(slice(None, None, 2) for _ in array.shape)
    ]
    gaps[...] = array
    return [array, np.asfortranarray(array), gaps, array[..., ::-1], array.T]


def whole(results):
    return results if isinstance(results, tuple) else (results,)


def same(got, wanted):
    for one, other in zip(whole(got), whole(wanted), strict=True):
        one, other = np.asarray(one), np.asarray(other)
        assert one.dtype == other.dtype and one.shape == other.shape
        np.testing.assert_allclose(
            one,
            other,
            rtol=2e-5 if other.dtype.itemsize <= 4 else 1e-12,
            atol=1e-5 if other.dtype == np.float32 else 1e-12,
        )


def identical(got, wanted):
    for one, other in zip(whole(got), whole(wanted), strict=True):
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


def remarks(function, *arguments):
    dispatcher = numir.njit(function)
    dispatcher(*arguments)
    (types,) = dispatcher.signatures
    return _remarks.read(function, dispatcher.inspect("remarks", types))


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32, np.complex128, np.bool_])
def test_shapes(program, dtype):
    if dtype in (np.complex128, np.bool_) and program is not variance:
        return
    serial, parallel = numir.njit(program), numir.njit(parallel=True)(program)
    for shape in SHAPES:
        x = (DATA.standard_normal(shape) * 4).astype(dtype)
        if dtype == np.complex128:
            x = x + 1j * DATA.standard_normal(shape)
        got = serial(x)
        same(got, program(x))
        identical(parallel(x), got)


@pytest.mark.parametrize("program", PROGRAMS)
def test_layouts(program):
    serial, parallel = numir.njit(program), numir.njit(parallel=True)(program)
    for shape in [(3, 5), (7, 130), (2, 3, 4)]:
        for x in layouts(DATA.standard_normal(shape)):
            got = serial(x)
            same(got, program(x))
            identical(parallel(x), got)


@pytest.mark.parametrize("program", [variance, sums, scores])
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0), (2, 0, 3), (2, 3, 0)])
def test_nothing(program, shape):
    x = np.zeros(shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wanted = program(x)
        except ValueError as error:
            with pytest.raises(ValueError, match=str(error).partition(" which")[0]):
                numir.njit(program)(x)
            return
    same(numir.njit(program)(x), wanted)


def test_no_maximum_of_nothing():
    with pytest.raises(ValueError, match="zero-size array to reduction operation maximum which has no identity"):
        numir.njit(softmax)(np.zeros((3, 0)))
    assert numir.njit(softmax)(np.zeros((0, 3))).shape == (0, 3)


def test_no_numbers_and_infinities():
    x = DATA.standard_normal((6, 40))
    x[1, 3], x[2, 39], x[3, 0] = np.nan, np.inf, -np.inf
    for program in PROGRAMS:
        with np.errstate(all="ignore"):
            same(numir.njit(program)(x), program(x))


def in_place(x):
    x[...] = softmax(x)


def centre(x):
    x -= x.mean(axis=1, keepdims=True)


def by_itself(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    x[...] = e / e.sum(axis=1, keepdims=True)


def turned(x):
    # Rows that are still read are written before.
    e = np.exp(x - x.max(axis=1, keepdims=True))
    x[::-1] = e / e.sum(axis=1, keepdims=True)


def moved(x):
    x[1:] -= x[:-1].mean(axis=1)[:, None]


def exchanged(x):
    x.T[...] = x - x.sum(axis=1)[:, None]


def into_rows(x):
    x[...] = x[:1] - x.sum(axis=1, keepdims=True)


def stepwise(x):
    m = x.max(axis=1, keepdims=True)
    x[0] = 7.0
    e = x - m
    m[1] = 3.0
    s = e.sum(axis=1)
    x[1] = s[1]
    return m, e - s[:, None], s


@pytest.mark.parametrize("program", [centre, by_itself, turned, moved, exchanged, into_rows, stepwise])
def test_written_arguments(program):
    for parallel in (False, True):
        compiled = numir.njit(parallel=parallel)(program)
        for kind in range(4):
            mine, theirs = (layouts(np.arange(49.0).reshape(7, 7) % 11)[kind] for _ in range(2))
            got, wanted = compiled(mine), program(theirs)
            same(mine, theirs)
            if wanted is not None:
                same(got, wanted)


def test_in_place_of_a_callee():
    compiled = numir.njit(softmax)

    def program(x):
        x[...] = compiled(x)

    x = DATA.standard_normal((5, 33))
    wanted = softmax(x)
    numir.njit(program)(x)
    same(x, wanted)


def two_arrays(x, y):
    m = x.sum(axis=1, keepdims=True)
    d = x - y
    e = np.exp(-abs(d - m))
    return e / e.sum(axis=1, keepdims=True), (x * y - m).max(axis=1)


@pytest.mark.parametrize(
    "shapes",
    [
        ((4, 5), (4, 5)),
        ((4, 5), (1, 5)),
        ((4, 5), (4, 1)),
        ((4, 5), (5,)),
        ((1, 5), (4, 5)),
        ((4, 1), (4, 5)),
        ((4, 1), (1, 5)),
        ((1, 1), (3, 4)),
        ((4, 5), (1,)),
    ],
)
def test_stretched(shapes):
    x, y = (DATA.standard_normal(shape) for shape in shapes)
    for parallel in (False, True):
        same(numir.njit(parallel=parallel)(two_arrays)(x, y), two_arrays(x, y))


@pytest.mark.parametrize("shapes", [((4, 5), (3, 5)), ((4, 5), (4, 4)), ((4, 5), (6,))])
def test_shapes_that_do_not_go_together(shapes):
    x, y = (DATA.standard_normal(shape) for shape in shapes)
    with pytest.raises(ValueError, match="could not be broadcast together"):
        numir.njit(two_arrays)(x, y)


def aligned_otherwise(x):
    # The sums of rows are taken along rows.
    return x - x.sum(axis=1), x.max(axis=1) * x.sum(axis=0)


def several_axes(x):
    centred = x - x.mean(axis=(1, 2), keepdims=True)
    e = np.exp(centred)
    return e / e.sum(axis=(1, 2), keepdims=True), (centred * centred).sum(axis=(-1, -2)), x.std(axis=(1, 2))


def axes_of_both_kinds(x):
    m = x.mean(axis=2, keepdims=True)
    return (x - m).sum(axis=(1, 2)), (x - m).max(axis=2), x - m


def test_other_axes():
    x = DATA.standard_normal((6, 6))
    same(numir.njit(aligned_otherwise)(x), aligned_otherwise(x))
    for program in (several_axes, axes_of_both_kinds):
        for x in layouts(DATA.standard_normal((4, 9, 17))):
            got = numir.njit(program)(x)
            same(got, program(x))
            identical(numir.njit(parallel=True)(program)(x), got)


def total(x):
    return x.sum(axis=1)


def total_and_more(x):
    s = x.sum(axis=1)
    return s, np.exp(x - s[:, None]).sum(axis=1)


def test_order_of_additions():
    x = DATA.standard_normal((5, 1000)) * 1e3
    identical(numir.njit(total_and_more)(x)[0], numir.njit(total)(x))


def in_a_loop(x, n):
    for _ in range(n):
        x = x - x.mean(axis=1, keepdims=True)
        if x.shape[0] > 2:
            e = np.exp(x)
            x = e / e.sum(axis=1, keepdims=True)
    return x


def test_loops_and_branches():
    for rows in (2, 3):
        x = DATA.standard_normal((rows, 20))
        same(numir.njit(in_a_loop)(x, 3), in_a_loop(x, 3))


def used_in_between(x):
    m = x.max(axis=1)
    first = m[0]
    m[0] = 100.0
    e = np.exp(x - m[:, None])
    return first, e / e.sum(axis=1)[:, None], m


def test_used_in_between():
    x = DATA.standard_normal((3, 20))
    same(numir.njit(used_in_between)(x), used_in_between(x))


def large(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def test_pieces():
    x = DATA.standard_normal((3000, 300))
    got = numir.njit(parallel=True)(large)(x)
    same(got, large(x))
    identical(got, numir.njit(large)(x))


@pytest.mark.parametrize("program, count", [(softmax, 3), (variance, 2), (centre, 1), (by_itself, 3), (shares, 4)])
def test_remarks(program, count):
    texts = [remark.text for remark in remarks(program, np.ones((3, 4)))]
    assert sum("row by row" in text for text in texts) >= count - 1
    assert any("row by row" in text for text in texts)


def test_remark_of_what_is_not_fused():
    texts = [remark.text for remark in remarks(aligned_otherwise, np.ones((4, 4)))]
    assert any("results of the rows are taken along a row" in text for text in texts)
