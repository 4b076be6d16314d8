"""Cases of slice_lu.py."""


def cases(np):
    rng = np.random.default_rng(5)
    return [("decompose", (rng.random((n, n)) + n * np.eye(n),), 8) for n in (1, 2, 17, 60)]
