"""Cases of number_theory.py."""


def cases(np):
    return [
        *(("is_prime", (n,), 0) for n in (0, 2, 91, 561, 7919, 2147483647, 3215031749)),
        ("totients", (60,), 0),
        ("digit_sum", (-98765,), 0),
        ("digit_sum", (255, 2), 0),
        ("digit_sum", (255, 0), 0),
        ("continued_fraction", (3.14159265358979, 8), 0),
        ("continued_fraction", (-2.75, 8), 0),
        ("is_perfect", (496,), 0),
        ("is_perfect", (500,), 0),
        ("fibonacci", (90,), 0),
        ("fibonacci", (-7,), 0),
    ]
