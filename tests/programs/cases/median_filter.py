"""Cases of median_filter.py."""


def cases(np):
    rng = np.random.default_rng(21)
    signal = rng.normal(size=40)
    return [
        ("running_median", (signal, 7), 0),
        ("running_median", (signal[::-2], 1), 0),
        ("running_median", (signal, 4), 0),
        ("running_median", (signal[:3], 5), 0),
        ("despeckle", (rng.integers(0, 256, (8, 9)).astype(np.uint8),), 0),
        ("running_max", (signal, 5), 0),
        ("running_max", (rng.integers(0, 9, 30), 40), 0),
    ]
