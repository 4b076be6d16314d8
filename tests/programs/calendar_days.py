"""Days: weekdays, Easter, the number of a day and back; chained comparisons, divmod and literal match."""

from numir import njit

MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@njit
def is_leap(year: int):
    """Whether February has 29 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@njit
def month_length(year: int, month: int):
    """How many days a month has."""
    match month:
        case 2:
            return 29 if is_leap(year) else 28
        case 4 | 6 | 9 | 11:
            return 30
        case m if 1 <= m <= 12:
            return 31
        case _:
            raise ValueError("a month lies between 1 and 12")


@njit
def day_number(year: int, month: int, day: int):
    """Days since the first of March in the year 0."""
    if not (1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        raise ValueError("there is no such day")
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    month_of_year = (month + 9) % 12
    day_of_year = (153 * month_of_year + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year


@njit
def date(number: int):
    """Year, month and day of a day's number."""
    era, rest = divmod(number, 146097)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    rest -= 365 * year + year // 4 - year // 100
    month = (5 * rest + 2) // 153
    day = rest - (153 * month + 2) // 5 + 1
    month += 3 if month < 10 else -9
    return era * 400 + year + (month <= 2), month, day


@njit
def weekday(year: int, month: int, day: int):
    """0 for Monday."""
    return (day_number(year, month, day) + 2) % 7


@njit
def easter(year: int):
    """Month and day of Easter Sunday in the Gregorian calendar."""
    century, year_of_century = divmod(year, 100)
    golden = year % 19
    skipped, four = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped - moon + 15) % 30
    leap, left = divmod(year_of_century, 4)
    sunday = (32 + 2 * four + 2 * leap - epact - left) % 7
    shift = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * shift + 114, 31)
    return month, day + 1


@njit
def unlucky(first: int, last: int):
    """How many Fridays fall on a 13th."""
    count = 0
    for year in range(first, last + 1):
        for month, length in enumerate(MONTH_LENGTHS, start=1):
            count += length >= 13 and weekday(year, month, 13) == 4
    return count
