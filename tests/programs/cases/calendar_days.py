"""Cases of calendar_days.py."""


def cases(np):
    return [
        *(("is_leap", (year,), 0) for year in (1900, 2000, 2023, 2024)),
        ("month_length", (2024, 2), 0),
        ("month_length", (2024, 13), 0),
        ("day_number", (1970, 1, 1), 0),
        ("day_number", (2023, 2, 29), 0),
        ("date", (719468,), 0),
        ("date", (-1,), 0),
        ("weekday", (2000, 2, 29), 0),
        ("easter", (2024,), 0),
        ("unlucky", (1999, 2030), 0),
    ]
