"""Cases of slice_stencil.py."""


def cases(np):
    rng = np.random.default_rng(5)
    return [("smooth", (rng.random(shape), 3), 0) for shape in [(1, 1), (3, 3), (40, 57)]]
