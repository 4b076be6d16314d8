"""Cases of quadrature.py."""


def cases(np):
    return [
        ("f", (0.25,), 2),
        ("adaptive", (0.0, 2.0), 1 << 10),
        ("adaptive", (1.0, -1.0, 1e-6), 1 << 10),
        ("gauss", (0.0, 2.0, 50), 1 << 10),
        ("romberg", (0.0, 2.0, 10), 1 << 10),
        ("romberg", (0.0, 2.0, 0), 0),
    ]
