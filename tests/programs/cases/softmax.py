"""Cases of softmax.py."""


def cases(np):
    rng = np.random.default_rng(5)
    return [("softmax", (rng.standard_normal(n),), 8) for n in (1, 7, 300, 5000)]
