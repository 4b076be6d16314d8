"""Cases of histogram.py."""


def cases(np):
    rng = np.random.default_rng(15)
    values = rng.normal(size=500)
    return [
        ("histogram", (values, -2.0, 2.0, 16), 0),
        ("histogram", (values[::-3], -2.0, 2.0, 0), 0),
        ("histogram_parallel", (values, -2.0, 2.0, 16), 0),
        ("histogram2d", (rng.random(100), rng.random(100), 5), 0),
        ("equalise", (rng.integers(40, 90, (12, 9)).astype(np.uint8),), 0),
        ("equalise", (rng.integers(40, 90, (12, 9)).astype(np.uint8).T[1:, ::2],), 0),
    ]
