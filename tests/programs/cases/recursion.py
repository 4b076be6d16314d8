"""Cases of recursion.py."""


def cases(np):
    return [
        ("is_even", (77,), 0),
        ("is_odd", (77,), 0),
        ("gcd", (1071, 462), 0),
        ("gcd", (np.int32(-12), np.int32(18)), 0),
        ("bezout", (240, 46), 0),
        ("inverse", (17, 3120), 0),
        ("inverse", (15, 3120), 0),
        ("ackermann", (2, 3), 0),
        ("female", (20,), 0),
        ("male", (20,), 0),
        ("hanoi", (8,), 0),
        ("binomial", (40, 13), 0),
        ("bottomless", (0,), 0),
    ]
