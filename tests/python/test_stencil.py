"""`stencil`: against Numba's own, against padded arrays of NumPy for the borders beyond it, and what is refused."""

import os
import pickle
import re
import subprocess
import sys
import traceback

import numba
import numir
import numpy as np
import pytest
from numir import njit, prange, stencil
from numir.errors import NumbaValueError, TypingError

from harness.runner import ROOT, binary

FAR = 2


def cross(a):
    return (a[0, 1] + a[1, 0] + a[0, -1] + a[-1, 0]) * 2


def skewed(a):
    return a[0, -2] * 3 - a[1, 1] + a[-1, 0]


def one_sided(a):
    return a[0] - a[3]


def two_arrays(a, b, scale):
    return (a[-1] + a[1]) * scale - b[0] * b[2]


def weighted(a):
    return 0.5 * a[0, 0, 0] + 0.25 * (a[-1, 0, 1] + a[1, -2, 0])


def mean(a):
    return (a[-1, 0] + a[0, -1] + a[0, 0] + a[0, 1] + a[1, 0]) / 5


def choice(a):
    if a[0] > 3:
        return a[1]
    return a[-2]


class Shifted:
    """An array that a kernel indexes by offsets, all positions at once."""

    REACH = 5

    def __init__(self, array, pad):
        self.shape = array.shape
        self.padded = np.pad(array, self.REACH, mode=pad)

    def __getitem__(self, index):
        offsets = index if isinstance(index, tuple) else (index,)
        starts = [self.REACH + offset for offset in offsets]
        return self.padded[tuple(slice(start, start + extent) for start, extent in zip(starts, self.shape))]


PADS = {"wrap": "wrap", "nearest": "edge", "reflect": "reflect"}


def padded(kernel, mode, *arguments):
    """What a stencil with a border gives, by NumPy."""
    shifted = [Shifted(one, PADS[mode]) if isinstance(one, np.ndarray) else one for one in arguments]
    return kernel(*shifted)


def numbers(shape, dtype=float, seed=0):
    drawn = np.random.default_rng(seed).integers(0, 50, shape)
    return drawn.astype(dtype)


LAYOUTS = {
    "C": lambda array: array,
    "F": np.asfortranarray,
    "strided": lambda array: np.repeat(array, 2, axis=-1)[..., ::2],
    "backwards": lambda array: np.ascontiguousarray(array[::-1])[::-1],
}


@pytest.mark.parametrize("kernel, shape", [(cross, (6, 7)), (skewed, (5, 8)), (one_sided, (9,)), (weighted, (4, 6, 5))])
def test_a_constant_border_is_that_of_numba(kernel, shape):
    array = numbers(shape)
    expected = numba.stencil(kernel)(array)
    actual = stencil(kernel)(array)
    np.testing.assert_array_equal(actual, expected)
    assert actual.dtype == expected.dtype
    assert actual.flags.c_contiguous
    np.testing.assert_array_equal(stencil(cval=-1.5)(kernel)(array), numba.stencil(cval=-1.5)(kernel)(array))


@pytest.mark.parametrize("form", ["bare", "empty", "mode", "keyword"])
def test_the_forms_of_the_decorator(form):
    makers = {
        "bare": lambda: stencil(one_sided),
        "empty": lambda: stencil()(one_sided),
        "mode": lambda: stencil("constant")(one_sided),
        "keyword": lambda: stencil(func_or_mode="wrap")(one_sided),
    }
    array = numbers(8)
    expected = array - np.roll(array, -3)
    if form != "keyword":
        expected[-3:] = 0
    np.testing.assert_array_equal(makers[form]()(array), expected)


def test_indices_of_globals_and_names():
    offsets = (-1, 0)

    @stencil
    def kernel(a):
        left = -FAR
        return a[0, left + 1] + a[FAR // 2, 0] + a[offsets]

    array = numbers((5, 6))
    np.testing.assert_array_equal(kernel(array), numba.stencil(lambda a: a[0, -1] + a[1, 0] + a[-1, 0])(array))


@pytest.mark.parametrize("mode", PADS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kernel, shape", [(cross, (6, 7)), (skewed, (5, 8)), (one_sided, (9,)), (weighted, (4, 6, 5))])
def test_borders_are_those_of_padded_arrays(kernel, shape, layout, mode):
    array = LAYOUTS[layout](numbers(shape))
    np.testing.assert_array_equal(stencil(mode)(kernel)(array), padded(kernel, mode, array))


@pytest.mark.parametrize("mode", [*PADS, "constant"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (2, 2), (3, 1), (2, 9), (0, 4), (4, 0)])
def test_arrays_smaller_than_the_neighbourhood(shape, mode):
    array = numbers(shape)
    actual = stencil(mode)(skewed)(array)
    if 0 in shape:
        assert actual.shape == shape
        return
    if mode != "constant":
        np.testing.assert_array_equal(actual, padded(skewed, mode, array))
        return
    expected = padded(skewed, "wrap", array)
    inside = np.zeros(shape, bool)
    inside[1 : max(shape[0] - 1, 1), 2 : max(shape[1] - 1, 2)] = True
    np.testing.assert_array_equal(actual, np.where(inside, expected, 0))


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("mode", ["constant", "wrap"])
def test_results_have_the_type_of_what_the_kernel_returns(dtype, mode):
    array = numbers((6, 7), dtype)
    actual = stencil(mode)(cross)(array)
    expected = padded(cross, "wrap", array)
    assert actual.dtype == expected.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(actual[1:-1, 1:-1], expected[1:-1, 1:-1])


def test_results_of_other_types_than_the_array():
    array = numbers(6)
    assert stencil(lambda a: a[0] > a[1])(array).dtype == np.bool_
    assert stencil(lambda a: 1 if a[0] > a[1] else 2)(array).dtype == np.int64
    assert stencil(lambda a: a[0] * 1j)(array).dtype == np.complex128
    np.testing.assert_array_equal(stencil(cval=True)(lambda a: a[0] > a[1])(array)[-1:], [True])
    assert np.isnan(stencil(cval=np.nan)(one_sided)(array)[-1])


def test_several_arrays_and_numbers():
    a, b = numbers(10), numbers(12, np.int32, seed=1)
    expected = numba.stencil(two_arrays)(a, b, 3)
    np.testing.assert_array_equal(stencil(two_arrays)(a, b, 3), expected)
    np.testing.assert_array_equal(stencil(two_arrays)(a, scale=3, b=b), expected)
    with pytest.raises(ValueError, match="some dimension smaller"):
        stencil(two_arrays)(b.astype(float), a, 3)
    np.testing.assert_array_equal(
        stencil("reflect")(two_arrays)(a, b[:10], 2.5), padded(two_arrays, "reflect", a, b[:10], 2.5)
    )
    with pytest.raises(ValueError, match="does not have the shape of the first"):
        stencil("wrap")(two_arrays)(a, b, 3)
    with pytest.raises(TypingError, match="same number of dimensions"):
        stencil(two_arrays)(a, b.reshape(3, 4), 3)
    np.testing.assert_array_equal(
        stencil(lambda x, y: x[0] + y[1])(a, a), numba.stencil(lambda x, y: x[0] + y[1])(a, a)
    )


def moving(a):
    total = 0.0
    for i in range(-29, 1):
        total += a[i]
    return total / 30


def box(a):
    total = 0.0
    for i in range(-1, 2):
        j = -2
        while j < 1:
            total += a[i, j]
            j += 1
    return total


def test_loops_over_a_declared_neighbourhood():
    array = np.cumsum(numbers(100))
    options = {"neighborhood": ((-29, 0),)}
    np.testing.assert_allclose(stencil(**options)(moving)(array), numba.stencil(**options)(moving)(array))
    plane = numbers((7, 8))
    options = {"neighborhood": ((-1, 1), (-2, 0)), "cval": 9.0}
    np.testing.assert_allclose(stencil(**options)(box)(plane), numba.stencil(**options)(box)(plane))
    del options["cval"]
    np.testing.assert_array_equal(
        stencil("wrap", **options)(box)(plane),
        sum(np.roll(plane, (-i, -j), (0, 1)) for i in (-1, 0, 1) for j in (-2, -1, 0)),
    )
    # A declared neighbourhood counts also where the kernel reaches less far.
    options = {"neighborhood": ((-3, 2),)}
    line = numbers(9)
    np.testing.assert_array_equal(
        stencil(**options)(lambda a: a[0] + 1)(line), numba.stencil(**options)(lambda a: a[0] + 1)(line)
    )


def test_an_index_beyond_the_declared_neighbourhood():
    with pytest.raises(NumbaValueError, match=r"index 2 lies outside of the neighborhood \(-1, 1\) of axis 0"):
        stencil(neighborhood=((-1, 1),))(lambda a: a[2])(numbers(5))

    @stencil(neighborhood=((-1, 1),))
    def runs_off(a):
        total = 0.0
        for i in range(-1, 3):
            total += a[i]
        return total

    with pytest.raises(IndexError, match=r"index 2 is outside of the stencil's neighborhood \(-1, 1\) of axis 0"):
        runs_off(numbers(8))


def looked_up(a, table):
    return a[-1] * table[0] + a[1] * table[1]


def window_sums(a):
    return a[-1:2, -2:1].sum() + a[0, -1:2].max() * a[1, 0]


@pytest.mark.parametrize("mode", PADS)
def test_slices_are_parts_around_the_position(mode):
    array = numbers((6, 7))
    around = np.pad(array, 2, mode=PADS[mode])
    expected = [
        [
            around[i + 1 : i + 4, j : j + 3].sum() + around[i + 2, j + 1 : j + 4].max() * around[i + 3, j + 2]
            for j in range(7)
        ]
        for i in range(6)
    ]
    np.testing.assert_array_equal(stencil(mode)(window_sums)(array), expected)
    inside = np.zeros((6, 7))
    inside[1:-1, 2:-1] = np.array(expected)[1:-1, 2:-1]
    np.testing.assert_array_equal(stencil(window_sums)(array), inside)


def test_slices_known_when_the_program_runs():
    @stencil(neighborhood=((-2, 2),))
    def around(a, width):
        return a[-width : width + 1].sum()

    array = numbers(9)
    for width in (1, 2):
        expected = np.convolve(array, np.ones(2 * width + 1), "same")
        np.testing.assert_array_equal(around(array, width)[2:-2], expected[2:-2])
    with pytest.raises(IndexError, match="index -3 is outside of the stencil's neighborhood"):
        around(array, 3)

    @stencil
    def written(a):
        part = a[0:2]
        part[0] = 1.0
        return part[0]

    with pytest.raises(TypingError, match="read-only"):
        written(array)


def test_numbers_known_when_the_stencil_is_called_are_constants():
    apart = stencil(lambda a, by=2: a[by] - a[-by])
    array = numbers(9)
    expected = np.zeros(9)
    expected[2:-2] = array[4:] - array[:-4]
    np.testing.assert_array_equal(apart(array), expected)
    np.testing.assert_array_equal(njit(lambda a: apart(a, 2))(array), expected)
    with pytest.raises(NumbaValueError, match="index is not constant"):
        apart(array, 2)


def test_a_result_without_axes_is_a_number():
    array = numbers(4)
    np.testing.assert_array_equal(stencil(lambda a: a[0] + np.array(1))(array), array + 1)


def test_standard_indexing():
    array, table = numbers(8), np.array([10.0, 100.0])
    options = {"standard_indexing": ("table",)}
    np.testing.assert_array_equal(
        stencil(**options)(looked_up)(array, table), numba.stencil(**options)(looked_up)(array, table)
    )
    with pytest.raises(IndexError, match="out of bounds"):
        stencil(**options)(looked_up)(array, table[:1])
    with pytest.raises(NumbaValueError, match="not present in the stencil kernel definition"):
        stencil(standard_indexing=["tables"])(looked_up)(array, table)
    with pytest.raises(NumbaValueError, match="must use relative indexing"):
        stencil(standard_indexing="a")(one_sided)(array)


def test_out_takes_the_results():
    array = numbers(8)
    out = np.full(8, -7.0)
    assert stencil(one_sided)(array, out=out) is out
    np.testing.assert_array_equal(out, numba.stencil(one_sided)(array, out=np.full(8, -7.0)))
    assert out[-1] == -7.0
    stencil(cval=2)(one_sided)(array, out=out)
    assert out[-1] == 2.0
    wide = np.zeros(16, np.float32)
    stencil("nearest")(one_sided)(array, out=wide[::2])
    np.testing.assert_array_equal(wide[::2], padded(one_sided, "nearest", array))
    assert not wide[1::2].any()


def test_out_that_does_not_fit():
    array = numbers(8)
    with pytest.raises(ValueError, match="out= does not have the shape"):
        stencil(one_sided)(array, out=np.zeros(7))
    with pytest.raises(NumbaValueError, match="out= does not have the same number of dimensions"):
        stencil(one_sided)(array, out=np.zeros((8, 1)))
    with pytest.raises(NumbaValueError, match="out= takes an array, not int"):
        stencil(one_sided)(array, out=3)
    with pytest.raises(NumbaValueError, match="complex numbers, which out= cannot hold"):
        stencil(lambda a: a[0] * 1j)(array, out=np.zeros(8))
    frozen = np.zeros(8)
    frozen.flags.writeable = False
    with pytest.raises(TypingError, match="read-only"):
        stencil(one_sided)(array, out=frozen)


def test_compiled_functions_call_stencils():
    plain, wrapped = stencil(cross), stencil("wrap")(cross)

    @njit(parallel=True)
    def smoothed(a, out):
        wrapped(a, out=out)
        return plain(out) + wrapped(a) - a

    array = numbers((9, 8))
    out = np.empty_like(array)
    once = padded(cross, "wrap", array)
    np.testing.assert_array_equal(smoothed(array, out), numba.stencil(cross)(once) + once - array)
    np.testing.assert_array_equal(out, once)

    @njit
    def rows(planes):
        total = 0.0
        for i in prange(len(planes)):
            total += plain(planes[i]).sum()
        return total

    planes = numbers((5, 6, 7))
    assert rows(planes) == sum(plain(plane).sum() for plane in planes)


def test_kernels_made_in_compiled_code():
    @njit
    def differences(a):
        def backward(x):
            return x[0] - x[-1]

        return numir.stencil(backward)(a), numir.stencil(lambda x: x[1] - x[0], cval=5.0)(a)

    array = numbers(6)
    backward, forward = differences(array)
    np.testing.assert_array_equal(backward[1:], np.diff(array))
    np.testing.assert_array_equal(forward, [*np.diff(array), 5.0])


def test_stencils_decorated_in_compiled_code():
    @njit
    def both(a):
        @stencil
        def backward(x):
            return x[0] - x[-1]

        @numir.stencil("nearest", neighborhood=((-1, 1),))
        def around(x):
            total = 0.0
            for i in range(-1, 2):
                total += x[i]
            return total

        return backward(a), around(a), stencil("wrap")(lambda x: x[1])(a)

    array = numbers(6)
    backward, around, ahead = both(array)
    np.testing.assert_array_equal(backward, [0.0, *np.diff(array)])
    np.testing.assert_array_equal(around, np.convolve(np.pad(array, 1, mode="edge"), np.ones(3), "valid"))
    np.testing.assert_array_equal(ahead, np.roll(array, -1))


@pytest.mark.parametrize(
    "decorate, message",
    [
        (lambda a: stencil("mirror")(lambda x: x[0])(a), "Unsupported mode style mirror"),
        (lambda a: stencil("wrap", cval=1)(lambda x: x[0])(a), "cval is for the mode 'constant', not 'wrap'"),
        (
            lambda a: stencil(neighborhood=(1, 2))(lambda x: x[0])(a),
            "neighborhood is a tuple of pairs of constant ints",
        ),
        (lambda a: stencil(standard_indexing=1)(lambda x: x[0])(a), "standard_indexing is a tuple of names"),
    ],
)
def test_options_that_compiled_code_refuses(decorate, message):
    with pytest.raises(NumbaValueError, match=message):
        njit(decorate)(numbers(4))


FILE = """
import numir
import numpy as np
from numir import njit, stencil

@stencil(cval=-1)
def ahead(a):
    return a[1]

around = numir.stencil("wrap")(lambda a: a[-1] + a[1])

@njit
def total(n: int):
    a = np.arange(n) * 1.0
    return (ahead(a) * 10 + around(a)).sum()
"""


def test_stencils_in_files_that_the_command_runs(tmp_path):
    file = tmp_path / "file.py"
    file.write_text(FILE)

    def run(*arguments):
        return subprocess.run([binary(), "run", file, *arguments], capture_output=True, text=True)

    assert run("total", "4").stdout.strip() == str(10.0 * (1 + 2 + 3 - 1) + (4 + 2 + 4 + 2))
    refused = run("ahead", "4.0")
    assert refused.returncode != 0
    assert "`ahead` is a stencil, which can be run by a function that calls it" in refused.stderr


def test_kernels_call_functions():
    @njit
    def side(a, by):
        return a[0] * by

    @njit
    def ahead(window):
        return window[2]

    kernel = stencil(lambda a, by: side(a, by) + ahead(a))
    array = numbers(7)
    expected = np.zeros(7)
    expected[:5] = 3 * array[:5] + array[2:]
    np.testing.assert_array_equal(kernel(array, 3), expected)


def test_a_kernel_may_be_a_compiled_function():
    array = numbers(7)
    np.testing.assert_array_equal(stencil(njit(choice))(array), numba.stencil(choice)(array))


def test_an_error_in_a_kernel_is_raised_at_its_line():
    @stencil
    def checked(a):
        if a[1] < 0:
            raise ValueError("negative")
        return 1.0

    assert checked(np.ones(3))[0] == 1.0
    with pytest.raises(ValueError, match="negative") as raised:
        checked(-np.ones(3))
    assert checked.py_func.__code__.co_firstlineno + 3 == traceback.extract_tb(raised.tb)[-1].lineno


@pytest.mark.parametrize(
    "kernel, message",
    [
        (lambda a: a[0, 0], "Stencil index does not match array dimensionality"),
        (lambda a: a[0.5], "Non-tuple or non-integer used as stencil index"),
        (lambda a: a[:2].sum(), "Non-tuple or non-integer used as stencil index"),
        (lambda a: a[0:4:2].sum(), "Non-tuple or non-integer used as stencil index"),
        (lambda a: a[0:2], "Stencil kernel must return a scalar and not a numpy array"),
        (lambda a: 1.0, "Stencil kernel with no accesses to relatively indexed arrays"),
        (lambda a: a, "Stencil kernel must return a scalar"),
        (lambda a: None, "the stencil kernel returns nothing"),
        (lambda a: np.zeros(2) + a[0], "Stencil kernel must return a scalar and not a numpy array"),
        (lambda a: a[int(a[0])], "stencil kernel index is not constant, 'neighborhood' option required"),
        (lambda a, out=1: a[0], "Cannot use the reserved word 'out' in stencil kernels"),
        (lambda a: a[10**12], "the stencil index 1000000000000 is too large"),
    ],
)
def test_kernels_that_are_refused(kernel, message):
    with pytest.raises(NumbaValueError, match=message) as raised:
        stencil(kernel)(numbers(5))
    assert f"test_stencil.py:{kernel.__code__.co_firstlineno}" in str(raised.value)


def writes(a):
    a[0] = 1.0
    return a[0]


def falls_off(a):
    a[1]


def test_kernels_without_a_result_and_with_an_assignment():
    with pytest.raises(NumbaValueError, match="Assignments to arrays passed to stencil kernels is not allowed"):
        stencil(writes)(numbers(5))
    with pytest.raises(NumbaValueError, match="the stencil kernel returns nothing"):
        stencil(falls_off)(numbers(5))


def test_arguments_and_options_that_are_refused():
    for first in (3.0, (1, 2), np.array(2.0)):
        with pytest.raises(
            NumbaValueError, match="The first argument to a stencil kernel must be the primary input array"
        ):
            stencil(one_sided)(first)
    with pytest.raises(NumbaValueError, match="cval type does not match stencil return type"):
        stencil(cval=1j)(one_sided)(numbers(5))
    with pytest.raises(NumbaValueError, match="cval type does not match stencil return type"):
        stencil(cval="x")(one_sided)(numbers(5))
    with pytest.raises(OverflowError, match="Python integer 300 out of bounds for int8"):
        stencil(cval=300)(one_sided)(numbers(5, np.int8))
    with pytest.raises(NumbaValueError, match="1 dimensional neighborhood specified for 2 dimensional input array"):
        stencil(neighborhood=((-1, 1),))(cross)(numbers((4, 4)))
    with pytest.raises(NumbaValueError, match="Unsupported mode style mirror; the modes are constant"):
        stencil("mirror")
    with pytest.raises(NumbaValueError, match="Unknown stencil option boundary"):
        stencil(boundary="wrap")
    with pytest.raises(NumbaValueError, match="cval is for the mode 'constant'"):
        stencil("wrap", cval=1)(one_sided)
    with pytest.raises(NumbaValueError, match="a tuple of pairs of ints"):
        stencil(neighborhood=(-1, 1))(one_sided)
    with pytest.raises(NumbaValueError, match="goes from no lowest"):
        stencil(neighborhood=((1, -1),))(one_sided)
    with pytest.raises(TypeError, match="takes a Python function as the kernel"):
        stencil(3)
    with pytest.raises(TypeError, match="missing a required argument: 'a'"):
        stencil(one_sided)()


def test_stencils_are_pickled_and_describe_themselves():
    kernel = stencil("wrap", neighborhood=[(0, 3)])(one_sided)
    assert kernel.__name__ == "one_sided" and "wrap" in repr(kernel)
    again = pickle.loads(pickle.dumps(kernel))
    array = numbers(6)
    np.testing.assert_array_equal(again(array), kernel(array))
    assert again.neighborhood == ((0, 3),)


def test_the_program_in_the_documentation(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(re.search(r"```python\n(.*?)```", (ROOT / "docs/stencils.md").read_text(), re.DOTALL).group(1))
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    image = np.eye(4)
    for _ in range(10):
        image = padded(mean, "reflect", image)
    assert done.stdout == f"{image.round(2)}\n"


SCRIPT = """
import numpy as np
from numir import njit, stencil

def cross(a, b):
    return a[0, 1] + a[-1, 0] * b[0, -2] + a[0:2, 0].sum()

@njit
def twice(a):
    return stencil(cross)(a, a) * 2

a = np.arange(30.0).reshape(5, 6)
for mode in ("constant", "wrap", "nearest", "reflect"):
    print(stencil(mode)(cross)(a, a).tolist())
out = np.full_like(a, 7.0)
stencil(cross)(a, a, out=out)
print(out.tolist(), stencil(cval=2)(cross)(a, b=a).tolist(), twice(a).tolist())
"""


def test_without_a_compiler_python_evaluates_stencils(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    texts = [
        subprocess.run(
            [sys.executable, script],
            env={**os.environ, "NUMIR_DISABLE_JIT": disabled},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for disabled in ("0", "1")
    ]
    assert texts[0] == texts[1] != ""


CACHED = """
import numpy as np
from numir import njit, stencil

@stencil({options})
def kernel(a):
    return a[-1] + a[1]

@njit(cache=True)
def applied(a):
    return kernel(a)

print(applied(np.arange(4.0)).tolist(), sum(applied.stats.cache_hits.values()))
"""


def test_a_cached_function_is_compiled_anew_when_a_stencil_changes(tmp_path):
    script = tmp_path / "script.py"

    def run(options):
        script.write_text(CACHED.format(options=options))
        env = {**os.environ, "NUMIR_CACHE_DIR": str(tmp_path / "cache")}
        return subprocess.run(
            [sys.executable, script], env=env, check=True, capture_output=True, text=True
        ).stdout.strip()

    assert run("cval=1.0") == "[1.0, 2.0, 4.0, 1.0] 0"
    assert run("cval=1.0") == "[1.0, 2.0, 4.0, 1.0] 1"
    assert run("cval=2.0") == "[2.0, 2.0, 4.0, 2.0] 0"
    assert run("'wrap'") == "[4.0, 2.0, 4.0, 2.0] 0"
