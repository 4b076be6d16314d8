"""Cases of lu.py."""


def cases(np):
    rng = np.random.default_rng(5)
    a = rng.normal(size=(9, 9))
    singular = np.array([[1.0, 2.0], [2.0, 4.0]])
    return [
        ("decompose", (a, np.zeros(9, np.int64)), 0),
        ("decompose", (a[:, :8], np.zeros(9, np.int64)), 0),
        ("decompose", (singular, np.zeros(2, np.int64)), 0),
        ("solve", (a, rng.normal(size=9)), 0),
        ("solve", (np.asfortranarray(a), rng.normal(size=9)), 0),
        ("solve", (a.astype(np.float32), np.ones(9, np.float32)), 0),
        ("determinant", (rng.integers(-5, 6, (5, 5)),), 0),
    ]
