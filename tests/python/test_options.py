"""The options of `njit` that change how a function is compiled: arithmetic, variables, inlining, debugging, grain of loops."""

import re
import subprocess
import sys

import numpy as np
import pytest
from numir import get_parallel_chunksize, njit, parallel_chunksize, prange, set_parallel_chunksize, types
from numir.errors import TypingError

from harness.runner import binary

COMMAND = binary()
FLAGS = {"nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc"}


def total(values):
    result = 0.0
    for i in range(len(values)):
        result += values[i]
    return result


def code(function, *arguments):
    function(*arguments)
    (text,) = function.inspect_llvm().values()
    return text


def additions(text):
    return re.findall(r"= fadd (.*?)(?:double|float|<)", text)


def test_without_fastmath_arithmetic_is_exact():
    text = code(njit(total), np.arange(100.0))
    assert set(additions(text)) == {""}
    assert "fadd <" not in text


@pytest.mark.parametrize("flags", [True, {"fast"}, {"fast": True, "nnan": False}])
def test_fast_arithmetic_takes_all_liberties(flags):
    text = code(njit(fastmath=flags)(total), np.arange(100.0))
    assert set(additions(text)) == {"fast "}
    assert re.search(r"fadd fast <\d+ x double>", text)


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_single_flags_stand_on_operations(flag):
    text = code(njit(fastmath={flag})(total), np.arange(100.0))
    assert set(additions(text)) == {f"{flag} "}


def test_a_sum_is_vectorised_where_it_may_be_reordered():
    text = code(njit(fastmath={"reassoc"})(total), np.arange(100.0))
    assert re.search(r"fadd reassoc <\d+ x double>", text)
    assert njit(fastmath={"reassoc"})(total)(np.arange(1000.0)) == 499500.0


def test_no_nans_means_none_are_looked_for():
    def has_nan(x):
        return x != x

    assert njit(has_nan)(float("nan")) is True
    assert njit(fastmath={"nnan"})(has_nan)(float("nan")) is False


def test_flags_hold_in_parallel_loops():
    @njit(parallel=True, fastmath=True)
    def parallel_total(values):
        result = 0.0
        for i in prange(len(values)):
            result += values[i]
        return result

    assert re.search(r"fadd fast <\d+ x double>", code(parallel_total, np.arange(5000.0)))


def test_each_function_keeps_its_own_flags():
    @njit(fastmath=True)
    def fast(x, y):
        return x * y + 1.0

    @njit
    def both(x, y):
        return fast(x, y) - (x - y)

    assert both(2.0, 3.0) == 8.0
    (text,) = both.inspect_llvm().values()
    assert "fmul fast" in text
    assert "fsub double" in text
    assert "fsub fast" not in text


@pytest.mark.parametrize("flags", [{"quick"}, "fast", 3])
def test_flags_that_there_are_not(flags):
    with pytest.raises(ValueError, match="fastmath"):
        njit(fastmath=flags)(total)


def test_flags_on_the_command_line(tmp_path):
    path = tmp_path / "sums.py"
    path.write_text("def f(x: 'float64', y: 'float64'):\n    return x + y\n")
    command = [COMMAND, "compile", f"{path}:f", "--emit", "llvm-ir"]

    def run(*options):
        return subprocess.run([*command, *options], capture_output=True, text=True, timeout=60)

    assert "fadd double" in run().stdout
    assert "fadd fast double" in run("--fastmath").stdout
    assert "fadd nnan nsz double" in run("--fastmath=nsz,nnan").stdout
    wrong = run("--fastmath=quick")
    assert wrong.returncode != 0
    assert "reassoc" in wrong.stderr


def test_locals_convert_what_is_assigned():
    def third(n):
        x = n / 3
        return x

    assert njit(locals={"x": types.float32})(third)(1) == np.float32(1 / 3)
    assert njit(locals={"x": types.int64})(third)(10) == 3
    assert njit(third)(1) == 1 / 3


def test_locals_hold_in_loops_and_for_targets_of_all_kinds():
    @njit(locals={"total": types.uint8, "a": types.float32})
    def wrapped(n):
        total = 0
        a, b = 0.1, 0.1
        for _ in range(n):
            total += 1
        return total, a, b

    assert wrapped(300) == (44, np.float32(0.1), 0.1)


def test_locals_are_those_of_one_function():
    @njit(locals={"x": types.float32})
    def narrow(y):
        x = y
        return x

    @njit
    def wide(y):
        x = y
        return x - narrow(y)

    assert wide(0.1) == 0.1 - np.float32(0.1)


def test_locals_that_do_not_fit():
    @njit(locals={"x": types.float64[:]})
    def number():
        x = 1.0
        return x

    with pytest.raises(TypingError, match="`locals` declares `x` as"):
        number()


def test_locals_are_names_and_types():
    with pytest.raises(TypeError, match="no name"):
        njit(locals={1: types.int64})(total)
    with pytest.raises(TypeError):
        njit(locals={"x": "no type"})(total)


def called(inline):
    # A loop twice as long as what is put into callers by itself.
    body = "\n".join(f"    x = x * {number}.5 + {number}.25" for number in range(1, 100))
    scope = {}
    path = f"<ipython-input-{inline}>"
    import linecache

    text = f"def large(x):\n{body}\n    return x\n\ndef small(x):\n    return x + 1.0\n"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    exec(compile(text, path, "exec"), scope)
    options = {} if inline is None else {"inline": inline}
    return njit(**options)(scope["small"]), njit(**options)(scope["large"])


@pytest.mark.parametrize(
    ("inline", "small_stays", "large_stays"), [(None, False, True), ("never", True, True), ("always", False, False)]
)
def test_calls_are_replaced_as_told(inline, small_stays, large_stays):
    small, large = called(inline)

    @njit
    def caller(x):
        return small(x) + large(x) + large(x + 1.0)

    caller(1.0)
    lowered = caller.inspect("linalg")
    assert ("call @" in lowered and "small" in "".join(re.findall(r"call @\S+", lowered))) is small_stays
    assert ("large" in "".join(re.findall(r"call @\S+", lowered))) is large_stays
    if inline == "never":
        assert re.search(r"call .*small", caller.inspect("llvm-ir"))


def test_inline_is_always_or_never():
    with pytest.raises(ValueError, match="'never' or 'always'"):
        njit(inline="sometimes")(total)


def test_for_a_debugger_nothing_is_optimised_and_all_is_checked():
    @njit(debug=True, boundscheck=False)
    def item(values, i):
        return values[i]

    values = np.arange(3.0)
    assert item(values, 2) == 2.0
    with pytest.raises(IndexError):
        item(values, 3)
    optimised = njit(total)
    for_debugger = njit(debug=True)(total)
    assert for_debugger(values) == optimised(values) == 3.0
    assert re.search(r"call .*@total\(", code(for_debugger, values))
    assert not re.search(r"call .*@total\(", code(optimised, values))


def test_nogil_changes_nothing():
    assert njit(nogil=True)(total)(np.arange(4.0)) == 6.0


@njit(parallel=True)
def chunks(n):
    """For each iteration the first one of its chunk, as far as a private array shows it."""
    total = 0
    for i in prange(n):
        total += i
    return total


@pytest.fixture
def restored():
    yield
    set_parallel_chunksize(0)


def test_the_chunk_size_is_kept_and_restored(restored):
    assert get_parallel_chunksize() == 0
    assert set_parallel_chunksize(4) == 0
    assert get_parallel_chunksize() == 4
    with parallel_chunksize(8) as former:
        assert (former, get_parallel_chunksize()) == (4, 8)
        assert chunks(1000) == 499500
    assert get_parallel_chunksize() == 4
    with pytest.raises(ZeroDivisionError), parallel_chunksize(2):
        1 // 0  # noqa: B018
    assert get_parallel_chunksize() == 4


@pytest.mark.parametrize("size", [0, 1, 3, 64, 999, 1000, 5000, sys.maxsize])
def test_results_are_right_for_every_chunk_size(size, restored):
    set_parallel_chunksize(size)
    assert [chunks(n) for n in (0, 1, 1000)] == [0, 0, 499500]


def test_one_chunk_is_added_up_in_order(restored):
    @njit(parallel=True)
    def parallel_total(values):
        result = 0.0
        for i in prange(len(values)):
            result += values[i]
        return result

    values = np.random.default_rng(1).standard_normal(4096) * 10.0 ** np.arange(4096).astype(int).__mod__(9)
    in_order = njit(total)(values)
    assert parallel_total(values) != in_order
    with parallel_chunksize(len(values)):
        assert parallel_total(values) == in_order


def test_chunk_sizes_that_there_are_not():
    for wrong in (1.5, "2", True):
        with pytest.raises(TypeError):
            set_parallel_chunksize(wrong)
    with pytest.raises(ValueError, match="greater than or equal"):
        set_parallel_chunksize(-1)
