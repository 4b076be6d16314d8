"""Cases of newton_fractal.py."""


def cases(np):
    return [
        ("newton", (1 + 1j, 50), 0),
        ("newton", (0j, 50), 0),
        ("basins", (24,), 0),
        ("durand_kerner", (np.array([-6, 11, -6], complex), 12), 1 << 8),
        ("quadratic", (1 + 0j, -3 + 1j, 2 + 0j), 16),
    ]
