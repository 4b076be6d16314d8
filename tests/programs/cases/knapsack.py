"""Cases of knapsack.py."""


def cases(np):
    rng = np.random.default_rng(12)
    return [
        ("knapsack", (rng.integers(1, 12, 15), rng.integers(1, 40, 15), 40), 0),
        ("knapsack", (np.array([5]), np.array([7]), 4), 0),
        ("change", ((1, 2, 5, 10, 20, 50), 200), 0),
        ("change", (np.array([2, 3, 7]), 50), 0),
        ("change", ((3, 5), -2), 0),
        ("cut_rod", (np.array([1.0, 5.0, 8.0, 9.0, 10.0, 17.0]), 13), 0),
        ("cut_rod", (np.array([1, 5, 8], np.int32), 4), 0),
    ]
