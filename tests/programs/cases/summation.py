"""Cases of summation.py."""


def cases(np):
    rng = np.random.default_rng(25)
    items = rng.normal(size=300) * 10.0 ** rng.integers(-8, 8, 300)
    single = items.astype(np.float32)
    return [
        ("naive", (single,), 0),
        ("kahan", (single,), 0),
        ("kahan", (items[::-1],), 0),
        ("kahan", (items[:0],), 0),
        ("neumaier", (np.array([1.0, 1e100, 1.0, -1e100]),), 0),
        ("pairwise", (items,), 0),
        ("welford", (items,), 0),
        ("welford", (items[:0],), 0),
        ("moments", (items,), 1 << 12),
        ("moments", (items[:0],), 0),
        ("bit_summary", (rng.integers(0, 1 << 40, 101),), 0),
    ]
