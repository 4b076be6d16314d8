"""Cases of polynomials.py."""


def cases(np):
    rng = np.random.default_rng(22)
    c = rng.normal(size=7)
    return [
        ("evaluate", (c, 0.7), 0),
        ("multiply", (c, c[::-2]), 0),
        ("multiply", (np.array([1, -2, 1]), np.array([1, 1])), 0),
        ("multiply", (c[:0], c), 0),
        ("legendre", (0, 0.3), 0),
        ("legendre", (9, 0.3), 0),
        ("clenshaw", (c, -0.4), 0),
        ("table", (0.5,), 0),
    ]
