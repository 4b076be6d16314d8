"""Cases of union_find.py."""


def cases(np):
    rng = np.random.default_rng(18)
    return [
        ("root", (np.array([0, 0, 1, 2, 3, 4]), 5), 0),
        ("union", (np.arange(5), np.ones(5, np.int64), 1, 4), 0),
        ("components", (rng.integers(0, 40, (30, 2)), 40), 0),
        ("components", (np.array([[0, 9]]), 3), 0),
        ("label", (rng.random((12, 14)) < 0.55,), 0),
    ]
