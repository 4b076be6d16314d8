"""Cases of matmul.py."""


def cases(np):
    rng = np.random.default_rng(8)
    a, b = rng.normal(size=(11, 13)), rng.normal(size=(13, 9))
    fibonacci = np.array([[1, 1], [1, 0]])
    return [
        ("textbook", (a, b), 0),
        ("textbook", (b.T, a.T), 0),
        ("textbook", (a, a), 0),
        ("textbook", (rng.integers(-9, 9, (3, 4), np.int8), rng.integers(-9, 9, (4, 2), np.int8)), 0),
        ("textbook", (a + 1j * a, b - 1j * b), 2),
        ("parallel", (a, b), 0),
        ("parallel", (a[:, ::-1], b[::-1]), 0),
        ("blocked", (a, b), 0),
        ("power", (fibonacci, 60), 0),
        ("power", (fibonacci, 200), 0),
    ]
