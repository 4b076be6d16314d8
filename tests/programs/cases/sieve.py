"""Cases of sieve.py."""


def cases(np):
    return [
        ("sieve", (200,), 0),
        ("sieve", (0,), 0),
        ("sieve", (-1,), 0),
        ("primes", (1000,), 0),
        ("twin_primes", (5000,), 0),
        ("factors", (1,), 0),
        ("factors", (2**31 - 1,), 0),
        ("factors", (3**7 * 1009,), 0),
    ]
