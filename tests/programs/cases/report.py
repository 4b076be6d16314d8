"""Cases of report.py."""


def cases(np):
    return [
        ("values", (), 0),
        ("separators", (4,), 0),
        ("table", (0.0, 2.0, 5), 0),
        ("table", (-1.0, 2.0, 5), 0),
        ("warn_and_fail", (0,), 0),
        ("warn_and_fail", (3,), 0),
    ]
