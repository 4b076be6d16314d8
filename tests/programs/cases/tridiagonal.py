"""Cases of tridiagonal.py."""


def cases(np):
    rng = np.random.default_rng(19)
    x = np.cumsum(rng.random(9) + 0.2)
    rod = np.zeros(20)
    rod[5:9] = 1.0
    return [
        ("thomas", tuple(rng.random(8) + d for d in (0, 3, 0, 0)), 0),
        ("spline", (x, np.sin(x)), 0),
        ("spline", (x[:2], x[:2]), 0),
        ("evaluate", (x, np.sin(x), float(x[3] + 0.1)), 0),
        ("evaluate", (x, np.sin(x), 0.0), 0),
        ("implicit_heat", (rod, 0.4, 10), 0),
        ("implicit_heat", (np.linspace(0.0, 1.0, 22)[::2], 0.4, 3), 0),
    ]
