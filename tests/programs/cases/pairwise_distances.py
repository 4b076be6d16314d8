"""Cases of pairwise_distances.py."""


def cases(np):
    rng = np.random.default_rng(5)
    shapes = [(0, 4, 3), (5, 1, 2), (40, 30, 3)]
    return [("distances", (rng.random((m, d)), rng.random((n, d))), 4) for m, n, d in shapes]
