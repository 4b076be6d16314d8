"""Cases of clusters.py."""


def cases(np):
    rng = np.random.default_rng(5)
    shapes = [(0, 2, 3), (50, 1, 2), (400, 7, 3)]
    return [("nearest", (rng.random((n, d)), rng.random((k, d))), 0) for n, k, d in shapes]
