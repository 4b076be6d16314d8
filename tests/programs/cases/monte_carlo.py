"""Cases of monte_carlo.py."""


def cases(np):
    return [
        ("xorshift", (np.uint64(88172645463325252),), 0),
        ("uniform", (np.uint64(2**64 - 3),), 0),
        ("pi_serial", (2000, 42), 0),
        ("pi_parallel", (12, 200, 7), 0),
        ("shuffle", (np.arange(30), np.uint64(99)), 0),
        ("shuffle", (np.arange(10.0)[::-1], np.uint64(99)), 0),
        ("pi_serial", (0, 42), 0),
    ]
