"""Arrays in another shape: a view where NumPy gives one, so that what is written to it is seen; else a copy."""

import itertools

import numpy as np
import pytest
from numir import njit

VIEWS = {
    "in order": lambda a, c: a,
    "gaps": lambda a, c: a.ravel()[::2],
    "column": lambda a, c: a[:, 1],
    "turned": lambda a, c: a.T,
    "columns": lambda a, c: a[:, ::2],
    "rows": lambda a, c: a[::2],
    "upside down": lambda a, c: a[::-1],
    "backwards": lambda a, c: a[::-1, ::-1],
    "middle": lambda a, c: c[:, 1:5],
    "ends": lambda a, c: c[:, :, 1:3],
    "exchanged": lambda a, c: c.transpose(1, 0, 2),
    "some": lambda a, c: c[1:3, ::2],
    "flat": lambda a, c: c[:, :1],
    "one": lambda a, c: c[:1, :, ::2],
    "plane": lambda a, c: c[:, 1],
    "turned ends": lambda a, c: c.transpose(2, 1, 0)[::2],
    "nothing": lambda a, c: a[:, 3:3],
}


def line(v):
    r = v.reshape(-1)
    r[0:1] = -1.0
    return r


def two_rows(v):
    r = v.reshape(2, -1)
    r[1:] = -1.0
    return r


def pairs(v):
    r = np.reshape(v, (v.size // 2, 2))
    r[:, 1] = -1.0
    return r


def blocks(v):
    r = v.reshape((v.size // 4, 2, 2))
    r[:1, 1, :] = -1.0
    return r


def itself(v):
    r = v.reshape(v.shape)
    r[...] = -1.0
    return r


def with_ones(v):
    r = v.reshape((1, v.shape[0], 1, v.size // max(v.shape[0], 1), 1))
    r[:, 0:1] = -1.0
    return r


def in_place(v):
    v.reshape(-1)[...] = np.arange(v.size) * 1.0
    return v


def added_in_place(v):
    r = v.reshape(-1)
    r += r[::-1]
    return r


def ravelled(v):
    r = v.ravel()
    r[0:1] = -1.0
    return r


def ravelled_as_it_lies(v):
    r = v.ravel("K")
    r[0:1] = -1.0
    return r


def ravelled_by_function(v):
    r = np.ravel(v, "F")
    r[0:1] = -1.0
    return r


def line_of_columns(v):
    r = v.reshape(-1, order="F")
    r[0:1] = -1.0
    return r


def columns(v):
    r = np.reshape(v, (2, v.size // 2), order="F")
    r[:, 0:1] = -1.0
    return r


def in_any_order(v):
    r = v.reshape((2, v.size // 2), order="A")
    r[0:1] = -1.0
    return r


def never_copied(v):
    r = v.reshape((v.size // 2, 2), copy=False)
    r[0:1] = -1.0
    return r


def always_copied(v):
    r = v.reshape((v.size // 2, 2), copy=True)
    r[0:1] = -1.0
    return r


FUNCTIONS = [
    line,
    two_rows,
    pairs,
    blocks,
    itself,
    with_ones,
    in_place,
    added_in_place,
    ravelled,
    ravelled_as_it_lies,
    ravelled_by_function,
    line_of_columns,
    columns,
    in_any_order,
    never_copied,
    always_copied,
]


def outcome(run, view):
    a, c = np.arange(48.0).reshape(6, 8), np.arange(96.0).reshape(4, 6, 4)
    seen = view(a, c)
    try:
        result = run(seen)
    except ValueError as error:
        return str(error)
    # Of an axis of one item the stride means nothing.
    strides = [stride for stride, extent in zip(result.strides, result.shape) if extent > 1]
    return result.tolist(), np.shares_memory(result, seen), a.tolist(), c.tolist(), strides if result.size else None


@pytest.mark.parametrize("function", FUNCTIONS)
def test_as_numpy(function):
    compiled = njit(function)
    for name, view in VIEWS.items():
        assert outcome(compiled, view) == outcome(function, view), name


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_lies_in_order_by_chance(function):
    """The parameter's type promises no order."""
    compiled = njit([f"({','.join(['float64[' + ','.join(':' * rank) + ']'])},)" for rank in (1, 2, 3)])(function)
    for name, view in VIEWS.items():
        assert outcome(compiled, view) == outcome(function, view), name


def to_one(v, shape):
    return v.reshape(shape)


def factors(count, parts):
    """The shapes of so many axes that have so many items."""
    if parts == 1:
        return [(count,)]
    sizes = [size for size in range(1, count + 1) if count % size == 0]
    return [(size, *rest) for size in sizes for rest in factors(count // size, parts - 1)]


@pytest.mark.parametrize(("own", "new"), [(2, 1), (2, 2), (2, 3), (3, 2), (3, 3)])
def test_all_shapes(own, new):
    """Of 12 items, with gaps behind any of the axes, in any order of the axes."""
    compiled = njit(to_one)
    for shape in factors(12, own):
        for gaps, order in itertools.product(itertools.product((1, 2), repeat=own), itertools.permutations(range(own))):
            base = np.arange(np.prod([extent * gap for extent, gap in zip(shape, gaps)]))
            view = base.reshape([extent * gap for extent, gap in zip(shape, gaps)])
            view = view[tuple(slice(None, None, gap) for gap in gaps)].transpose(order)
            for wanted in factors(12, new):
                want, got = view.reshape(wanted), compiled(view, wanted)
                assert np.array_equal(got, want)
                shares = np.shares_memory(got, view)
                assert shares == np.shares_memory(want, view), (view.shape, view.strides, wanted)
                if shares:
                    assert [s for s, n in zip(got.strides, wanted) if n > 1] == [
                        s for s, n in zip(want.strides, wanted) if n > 1
                    ]


def kept(a):
    r = a[:, ::2].reshape(-1)
    a[0, 0] = -1.0
    return r


def view_of_a_temporary(a):
    return (a + 1.0)[:, ::2].reshape(-1, 2)


def in_a_loop(a):
    v = a[:, 1]
    total = 0.0
    for _ in range(3):
        v = v.reshape(v.size // 2, 2)[:, 0]
        v[0] += 1.0
        total += v.sum()
    return total


def both_kinds(a, turned):
    r = a.T.reshape(-1) if turned else a[::2].reshape(-1)
    r[0] = -1.0
    return r


def wrong_shape(a):
    return a[:, ::2].reshape(5, -1)


@pytest.mark.parametrize("function", [kept, view_of_a_temporary, in_a_loop, wrong_shape])
def test_references(function):
    a, b = np.arange(64.0).reshape(8, 8), np.arange(64.0).reshape(8, 8)
    compiled = njit(function)
    try:
        want = function(a)
    except ValueError as error:
        with pytest.raises(ValueError, match="cannot reshape") as raised:
            compiled(b)
        assert str(raised.value).strip() == str(error).strip()
    else:
        np.testing.assert_array_equal(compiled(b), want)
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("turned", [False, True])
def test_a_view_or_a_copy(turned):
    a, b = np.arange(64.0).reshape(8, 8), np.arange(64.0).reshape(8, 8)
    np.testing.assert_array_equal(njit(both_kinds)(b, turned), both_kinds(a, turned))
    np.testing.assert_array_equal(a, b)


def of_what_is_read_only(a):
    r = np.broadcast_to(a, (3, 4)).reshape(-1)
    r[0] = -1.0
    return r


def test_a_copy_of_what_is_read_only():
    a = np.arange(4.0)
    np.testing.assert_array_equal(njit(of_what_is_read_only)(a), of_what_is_read_only(a))


def test_arrays_in_order_stay_so():
    """No more is done than before, and the result is in C order by its type."""
    compiled = njit(line)
    compiled(np.zeros((3, 4)))
    text = compiled.inspect("numeric")
    assert "numeric.reshape" in text
    assert "numeric.reinterpret" not in text
    assert "-> !numeric.array<1xf64, C>" in text
