"""NumPy's business days: is_busday, busday_count, busday_offset. A week begins with Monday, and day 0 is a Thursday."""

import numpy as np
from numir.intrinsics import constant, kind, named_days


def is_busday(dates, weekmask: constant = "1111100", holidays=None, busdaycal: constant = None, out=None):
    mask, free = _week(weekmask), _free(holidays)
    days = np.asarray(_days(dates))
    result = np.empty(days.shape, np.bool_)
    for place in np.ndindex(days.shape):
        result[place] = days[place] == days[place] and _is_open(days[place].astype(np.int64), mask, free)
    return _given(result, out)


def busday_count(
    begindates, enddates, weekmask: constant = "1111100", holidays=None, busdaycal: constant = None, out=None
):
    mask, free = _week(weekmask), _free(holidays)
    begins, ends = np.broadcast_arrays(np.asarray(_days(begindates)), np.asarray(_days(enddates)))
    result = np.empty(begins.shape, np.int64)
    for place in np.ndindex(begins.shape):
        if begins[place] != begins[place] or ends[place] != ends[place]:
            raise ValueError("Cannot compute a business day count with a NaT (not-a-time) date")
        first, last = begins[place].astype(np.int64), ends[place].astype(np.int64)
        # Backwards the first day counts and the last does not.
        result[place] = -_count(last + 1, first + 1, mask, free) if first > last else _count(first, last, mask, free)
    return _given(result, out)


def busday_offset(
    dates,
    offsets,
    roll: constant = "raise",
    weekmask: constant = "1111100",
    holidays=None,
    busdaycal: constant = None,
    out=None,
):
    if roll not in (
        "raise",
        "nat",
        "forward",
        "following",
        "backward",
        "preceding",
        "modifiedfollowing",
        "modifiedpreceding",
    ):
        raise ValueError(f'Invalid business day roll parameter "{roll}"')
    mask, free = _week(weekmask), _free(holidays)
    days, steps = np.broadcast_arrays(np.asarray(_days(dates)), np.asarray(offsets))
    result = np.empty(days.shape, "M8[D]")
    for place in np.ndindex(days.shape):
        result[place] = _moved(days[place], int(steps[place]), roll, mask, free)
    return _given(result, out)


def _given(result, out):
    if out is not None:
        out[...] = result
        return out
    return result[()] if result.ndim == 0 else result


def _days(dates):
    """Dates as days; texts are dates."""
    if kind(dates) == "text":
        return np.array((dates,), dtype="M8[D]")[0]
    if kind(dates) == "tuple":
        return np.array(dates, dtype="M8[D]")
    return dates.astype("M8[D]")


def _week(weekmask: constant):
    """Which days of the week are business days."""
    mask = np.zeros(7, np.bool_)
    if kind(weekmask) == "text":
        number = 0
        for flag in named_days(weekmask):
            mask[number] = flag
            number += 1
    else:
        flags = np.asarray(weekmask)
        if flags.ndim != 1 or len(flags) != 7:
            raise ValueError("A business day weekmask array must have length 7")
        for i in range(7):
            mask[i] = flags[i] != 0
    if not np.any(mask):
        raise ValueError("the business day weekmask must have at least one valid business day")
    return mask


def _free(holidays):
    """The holidays, in order and each once."""
    if holidays is None:
        return np.empty(0, np.int64)
    days = np.asarray(_days(holidays)).reshape(-1)
    return np.unique(days[~np.isnat(days)].astype(np.int64))


def _weekday(day):
    return (day + 3) % 7


def _is_open(day, mask, free):
    if not mask[_weekday(day)]:
        return False
    place = np.searchsorted(free, day)
    return place == len(free) or free[place] != day


def _count(first, last, mask, free):
    """The business days from one day to before another, which is no earlier."""
    weeks = (last - first) // 7
    result = weeks * np.count_nonzero(mask)
    for day in range(int(first + 7 * weeks), int(last)):
        result += 1 if mask[_weekday(day)] else 0
    for holiday in free:
        if first <= holiday < last and mask[_weekday(holiday)]:
            result -= 1
    return result


def _moved(date, steps: int, roll: constant, mask, free):
    nowhere = np.datetime64("NaT", "D")
    if date != date:
        if roll == "raise":
            raise ValueError("NaT input in busday_offset")
        return nowhere
    day = date.astype(np.int64)
    if not _is_open(day, mask, free):
        if roll == "raise":
            raise ValueError("Non-business day date in busday_offset")
        if roll == "nat":
            return nowhere
        day = _rolled(day, roll, mask, free)
    way = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        day += way
        while not _is_open(day, mask, free):
            day += way
    return np.datetime64(0, "D") + np.timedelta64(int(day), "D")


def _rolled(day, roll: constant, mask, free):
    forward = roll == "forward" or roll == "following" or roll == "modifiedfollowing"
    found = _next(day, 1 if forward else -1, mask, free)
    if roll == "modifiedfollowing" or roll == "modifiedpreceding":
        if _month(found) != _month(day):
            return _next(day, -1 if forward else 1, mask, free)
    return found


def _next(day, way: int, mask, free):
    while not _is_open(day, mask, free):
        day += way
    return day


def _month(day):
    return (np.datetime64(0, "D") + np.timedelta64(int(day), "D")).astype("M8[M]")
