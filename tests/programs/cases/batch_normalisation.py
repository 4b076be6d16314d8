"""Cases of batch_normalisation.py."""


def cases(np):
    rng = np.random.default_rng(5)
    shapes = [(1, 1), (5, 3), (300, 16)]
    return [("normalise", (rng.standard_normal(s), rng.random(s[1]), rng.random(s[1])), 64) for s in shapes]
