"""Cases of covariance_matrix.py. Small integers, and as many rows as a power of two, leave one rounding: the last division's."""


def cases(np):
    rng = np.random.default_rng(5)
    shapes = [(4, 1), (64, 6), (256, 30)]
    return [("covariance", (rng.integers(0, 8, shape).astype(np.float64),), 0) for shape in shapes]
