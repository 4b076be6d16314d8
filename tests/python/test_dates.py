"""Dates and spans of time: numir's results beside NumPy's, over all units, with NaT, far and negative times."""

import itertools
import warnings

import numir
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numir import njit, types

UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"]
COUNTS = [0, 1, -1, 7, -30, 365, -719528, 10**6, -(2**40), 2**62, -(2**63), 2**63 - 1]
NAT = -(2**63)


def dates(unit, counts=COUNTS):
    """Dates of all counts; without a unit there is NaT only."""
    if unit == "generic":
        return np.array([NAT] * len(counts)).view("M8")
    if unit in ("Y", "M"):
        # Beyond these NumPy's calendar overflows on the way.
        counts = [count if abs(count) < 2**45 or count == NAT else 5 for count in counts]
    return np.array(counts).view(f"M8[{unit}]")


def spans(unit, counts=COUNTS):
    """Spans of all counts."""
    return np.array(counts).view("m8" if unit == "generic" else f"m8[{unit}]")


def same(left, right):
    """Whether two results have one type and the same bits."""
    left, right = np.asarray(left), np.asarray(right)
    assert left.dtype == right.dtype
    if left.dtype.kind in "mM":
        left, right = left.view(np.int64), right.view(np.int64)
    np.testing.assert_array_equal(left, right)


def compare(function, *arguments):
    """NumPy's result beside numir's; where NumPy refuses, numir refuses when it compiles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = function(*arguments)
        except (TypeError, OverflowError):
            with pytest.raises(numir.errors.TypingError):
                njit(function)(*arguments)
            return
    same(njit(function)(*arguments), expected)


def sub(a, b):
    return a - b


def add(a, b):
    return a + b


def less(a, b):
    return a < b


def no_less(a, b):
    return a >= b


def equal(a, b):
    return a == b


def unequal(a, b):
    return a != b


def ratio(a, b):
    return a / b


def floor(a, b):
    return a // b


def rest(a, b):
    return a % b


PAIRS = [
    *itertools.product(["Y"], ["M", "W", "ns", "ps"]),
    *itertools.product(["M", "D"], ["Y", "D", "ms", "generic"]),
    *itertools.product(["W", "ns", "generic"], ["D", "as", "generic"]),
]


@pytest.mark.parametrize("units", PAIRS, ids="-".join)
@pytest.mark.parametrize("function", [sub, add, less, unequal])
def test_dates_meet_dates_and_spans(function, units):
    left = dates(units[0])
    for right in (dates(units[1])[::-1], spans(units[1])[::-1]):
        if "generic" in units and function is unequal and right.dtype.kind == "m":
            continue
        compare(function, left, right)


@pytest.mark.parametrize("units", PAIRS, ids="-".join)
@pytest.mark.parametrize("function", [sub, no_less, equal, ratio, floor, rest])
def test_spans_meet_spans(function, units):
    compare(function, spans(units[0])[:, None], spans(units[1])[None, :])


@pytest.mark.parametrize("function", [sub, add, less, equal, ratio, floor, rest])
def test_scalars_are_as_items(function):
    for a, b in [
        (np.timedelta64(-7, "h"), np.timedelta64(2, "D")),
        (np.timedelta64("NaT", "s"), np.timedelta64(1, "s")),
    ]:
        compare(function, a, b)
    compare(function, np.datetime64("1969-12-31"), np.datetime64("2000-02-29T05"))
    compare(function, np.datetime64("2000-02-29"), np.timedelta64(-5, "m"))


def times(a, b):
    return a * b


@pytest.mark.parametrize(
    "number", [3, -4, 0, 2.5, -0.75, float("nan"), 1e300, np.float32(1.5), np.int8(-2), np.uint64(3)]
)
@pytest.mark.parametrize("function", [times, ratio, floor, add, sub])
def test_spans_and_numbers(function, number):
    compare(function, spans("D"), number)
    compare(function, np.timedelta64(-7, "D"), number)


def test_numbers_before_spans():
    compare(times, 3, np.timedelta64(-7, "D"))
    compare(times, 2.5, spans("s"))
    compare(sub, 3, np.timedelta64(-7, "D"))
    compare(add, 3, np.datetime64("2000-01-01"))
    compare(ratio, 3, np.timedelta64(-7, "D"))
    compare(sub, 3, np.datetime64("2000-01-01"))
    compare(times, np.datetime64("2000"), 2)


@pytest.mark.parametrize("kind", ["M8", "m8"])
@pytest.mark.parametrize("unit", UNITS[:-1])
def test_conversions_between_units(kind, unit):
    counts = [count for count in COUNTS if abs(count) < 2**45 or count == NAT]
    values = (dates if kind == "M8" else spans)(unit, counts)
    for to in ("Y", "M", "W", "D", "m", "ns", "fs"):
        name = f"{kind}[{to}]"

        def convert(a, name=name):
            return a.astype(name)

        compare(convert, values)


@settings(deadline=None, max_examples=200)
@given(st.integers(-(10**9), 10**9))
def test_the_calendar(count):
    day = np.datetime64(count, "D")
    month, year, back = CALENDAR(day)
    assert (month, year) == (day.astype("M8[M]"), day.astype("M8[Y]"))
    assert back == month.astype("M8[D]")


@njit
def CALENDAR(day):
    month = day.astype("M8[M]")
    return month, day.astype("datetime64[Y]"), month.astype("M8[D]")


def test_one_operand():
    def negative(a):
        return -a

    def absolute(a):
        return abs(a)

    def isnat(a):
        return np.isnat(a)

    for function in (negative, absolute, isnat):
        compare(function, spans("D"))
        compare(function, dates("D"))
        compare(function, np.timedelta64(-3, "h"))


def test_truth():
    @njit
    def truth(a):
        return True if a else False

    for value in (np.timedelta64(0, "D"), np.timedelta64(2, "D"), np.timedelta64("NaT"), np.datetime64(0, "s")):
        assert truth(value) == bool(value)


def test_constants():
    @njit
    def constants(n):
        return (
            np.datetime64("2000-02-29"),
            np.datetime64("1969-12-31T23:59:59.5"),
            np.datetime64("2000", "ns"),
            np.datetime64("1969-12-31T23", "D"),
            np.datetime64("2000-01-08", "W"),
            np.datetime64("NaT"),
            np.timedelta64(5, "D"),
            np.timedelta64(n, "ms"),
            np.timedelta64("NaT", "s"),
            np.datetime64(n, "h"),
            np.timedelta64(np.timedelta64(50, "h"), "D"),
        )

    for got, expected in zip(constants(9), constants.py_func(9), strict=True):
        same(got, expected)


def test_texts_that_are_no_dates():
    @njit
    def month():
        return np.datetime64("2000-13-01")

    @njit
    def rubbish():
        return np.datetime64("2000-1-1")

    for function in (month, rubbish):
        with pytest.raises(ValueError) as expected:
            function.py_func()
        with pytest.raises(ValueError) as got:
            function()
        assert str(got.value) == str(expected.value)


EPOCH = np.datetime64("1970-01-01T00:00:01")
STEP = np.timedelta64(1, "D")


def test_globals_and_tuples():
    @njit
    def shifted(pair):
        first, second = pair
        return first + STEP, second - EPOCH

    pair = (np.datetime64("2000-01-01"), np.datetime64("2000-01-01"))
    assert shifted(pair) == shifted.py_func(pair)


def test_items_of_arrays():
    @njit
    def write(days, steps):
        days[0] = np.datetime64("2000-01-01T05")
        days[1] = "2001-05-05"
        days[2] = 7
        days[3] += np.timedelta64(2, "D")
        steps[0] = np.timedelta64(50, "h")
        steps[1] = "NaT"
        steps[2] = None
        steps[3:] = np.timedelta64(4, "D")
        steps *= 2
        return days[::2], steps.view("int64"), days.astype("int64")

    def arguments():
        return dates("D", range(6)), spans("D", range(6))

    for got, expected in zip(write(*arguments()), write.py_func(*arguments()), strict=True):
        same(got, expected)


def test_new_arrays():
    @njit
    def make(n):
        return (
            np.zeros(n, "datetime64[D]"),
            np.full(n, np.timedelta64(3, "h")),
            np.full((n, n), 5, "m8[s]"),
            np.ones(n, np.dtype("m8[us]")),
            np.array((np.datetime64("2000"), np.datetime64("2001"))),
        )

    for got, expected in zip(make(3), make.py_func(3), strict=True):
        same(got, expected)


def test_reductions():
    def all_of(a):
        return a.min(), a.max()

    def total(a):
        return a.sum()

    def mean(a):
        return a.mean()

    for values in ([3, -5, 9], [3, NAT, 9]):
        for array in (dates("D", values), spans("ns", values)):
            for got, expected in zip(njit(all_of)(array), all_of(array), strict=True):
                same(got, expected)
        compare(total, spans("h", values))
        compare(mean, spans("h", values))
    compare(total, dates("h", [1, 2]))


def test_min_and_max():
    @njit
    def extremes(a, b):
        return min(a, b), max(a, b), np.minimum(a, b), np.maximum(a, b)

    a, b = np.timedelta64(5, "D"), np.timedelta64(3, "h")
    assert extremes(a, b) == (b, a, b, a)
    with pytest.raises(numir.errors.TypingError):
        extremes(np.bool_(True), np.datetime64("2020"))


def test_parallel_loops():
    @njit(parallel=True)
    def shift(a, step):
        out = np.empty_like(a)
        for i in numir.prange(a.size):
            out[i] = a[i] + step
        return out

    array = dates("s", range(1000))
    same(shift(array, np.timedelta64(2, "h")), array + np.timedelta64(2, "h"))

    @njit(parallel=True)
    def total(a):
        result = np.timedelta64(0, "s")
        for i in numir.prange(a.size):
            result += a[i]
        return result

    with pytest.raises(numir.errors.TypingError, match="cannot reduce"):
        total(spans("s"))


def test_layouts_and_read_only():
    @njit
    def same_array(a):
        return a

    array = dates("D", range(24)).reshape(2, 3, 4)
    frozen = array.copy()
    frozen.flags.writeable = False
    for view in (array, array.T, array[:, ::2], frozen):
        assert same_array(view) is view
    with pytest.raises(TypeError, match="order"):
        same_array(array.astype(">M8[D]"))
    with pytest.raises(TypeError):
        same_array(array.astype("M8[25s]"))


def test_types_and_signatures():
    assert numir.typeof(np.datetime64("2000-01-01")) == types.NPDatetime("D")
    assert numir.typeof(spans("ns")) == types.Array(types.NPTimedelta("ns"), 1, "C")
    assert types.from_dtype(np.dtype("M8[D]")) == types.NPDatetime("D")
    for signature in (
        "timedelta64[D](datetime64[D], datetime64[D])",
        "NPTimedelta('D')(NPDatetime('D'), NPDatetime('D'))",
        types.NPTimedelta("D")(types.NPDatetime("D"), types.NPDatetime("D")),
    ):
        declared = njit(signature)(sub)
        assert declared(np.datetime64("2000-01-02"), np.datetime64("1999")) == np.timedelta64(366, "D")
    assert declared.nopython_signatures[0].return_type == types.NPTimedelta("D")
    with pytest.raises(TypeError):
        declared(np.datetime64("2000-01-02T05"), np.datetime64("1999"))
    arrays = njit("(timedelta64[s][:, ::1], timedelta64[s])")(add)
    same(
        arrays(spans("s", range(6)).reshape(2, 3), np.timedelta64(1, "m")),
        np.arange(60, 66).reshape(2, 3).view("m8[s]"),
    )


def test_python_numbers():
    @njit
    def number(a):
        return int(a)

    assert number(np.timedelta64(5, "ns")) == 5
    with pytest.raises(TypeError, match="NoneType"):
        number(np.timedelta64("NaT", "ns"))
    with pytest.raises(numir.errors.TypingError, match="astype"):
        number(np.timedelta64(5, "D"))


def test_messages_name_types_as_numpy():
    with pytest.raises(numir.errors.TypingError, match=r"'add' cannot use operands with types dtype\('<M8\[D\]'\) and"):
        njit(add)(np.datetime64("2000-01-01"), np.datetime64("2000-01-01"))
    with pytest.raises(numir.errors.TypingError, match="incompatible nonlinear base time units"):
        njit(add)(np.timedelta64(1, "M"), np.timedelta64(1, "D"))

    @njit
    def multiples():
        return np.datetime64(1, "25s")

    with pytest.raises(numir.errors.UnsupportedError, match="25s"):
        multiples()


def test_business_days():
    days = np.arange("2000-01-20", "2000-02-10", dtype="M8[D]")

    def counted(days, some):
        return (
            np.is_busday(days), np.is_busday("2000-01-03"), np.is_busday(some, weekmask="Sat Sun"), np.is_busday(days, holidays=["2000-01-24", "2000-01-24"]), np.is_busday(some),
            np.busday_count("1999-05-10", days, weekmask="1010101", holidays=["1999-12-31", "2000-01-03"]), np.busday_count(days, "2000-01-29"), np.busday_count("2000-01-08", "2000-01-03"),
            np.busday_offset("2000-01-03", np.arange(-20, 20), weekmask=[1, 0, 1, 1, 0, 0, 1], holidays=["2000-01-05"]), np.busday_offset(days, 0, roll="nat"),
            np.busday_offset(days, 1, roll="forward"), np.busday_offset(days, -1, roll="preceding"), np.busday_offset(days, 1, roll="modifiedfollowing"),
            np.busday_offset(days, -1, roll="modifiedpreceding"), np.busday_offset(some[:1], 2, "forward"),
        )  # fmt: skip

    some = np.array(["2000-01-29", "NaT"], "M8[D]")
    for mine, numpys in zip(numir.njit(counted)(days, some), counted(days, some), strict=True):
        np.testing.assert_array_equal(mine, numpys)
        assert np.asarray(mine).dtype == np.asarray(numpys).dtype
    for wrong in (
        lambda d: np.busday_offset("2000-01-01", 0), lambda d: np.busday_offset("2000-01-01", 0, roll="foo"), lambda d: np.is_busday(d, weekmask="0000000"),
        lambda d: np.is_busday(d, weekmask="Foo"), lambda d: np.busday_count(d, d), lambda d: np.busday_offset(d, 1),
    ):  # fmt: skip
        with pytest.raises(ValueError) as numpys:
            wrong(some)
        with pytest.raises(ValueError) as mine:
            numir.njit(wrong)(some)
        assert str(mine.value) == str(numpys.value)


def test_no_time_among_times():
    t, d = np.array([5, "NaT", 2], "m8[s]"), np.array(["2001-02-28", "NaT", "2000-01-31"], "M8[D]")

    def taken(t, d):
        return (
            np.nanmax(t), np.nanmin(t), np.nanmax(d), np.nanmin(d), np.nanmax(t[None], axis=0), np.nanmin(t[None], axis=1), np.nanmedian(t), np.median(t), np.median(t[::2]), np.nansum(t),
            np.nanmean(t), np.max(t[None], axis=1), np.sum(t[None], axis=1), np.maximum.reduce(t), np.add.reduce(t), np.sort(t), np.argsort(t), np.sort(d), np.unique(t), np.nanmax(t[1:2]),
        )  # fmt: skip

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = taken(t, d)
    for mine, numpys in zip(numir.njit(taken)(t, d), wanted, strict=True):
        np.testing.assert_array_equal(mine, numpys)
        assert np.asarray(mine).dtype == np.asarray(numpys).dtype


def test_ranges_of_dates():
    def ranges():
        return (
            np.arange("2000-01", "2000-02", dtype="M8[D]"), np.arange(np.datetime64("2000-01-01"), 3), np.arange(np.datetime64("2000-01-01"), np.timedelta64(48, "h")),
            np.arange(np.timedelta64(2, "D"), 5), np.arange(np.datetime64("2000-01-05"), np.datetime64("2000-01-01"), -1), np.arange(np.datetime64("2000-01"), np.datetime64("2000-01-05")),
            np.arange(np.timedelta64(2, "D"), np.timedelta64(5, "D"), dtype="m8[h]"), np.arange(np.datetime64("2000-01"), np.datetime64("2000-03"), dtype="M8[D]"),
        )  # fmt: skip

    for mine, numpys in zip(numir.njit(ranges)(), ranges(), strict=True):
        np.testing.assert_array_equal(mine, numpys)
        assert mine.dtype == numpys.dtype
