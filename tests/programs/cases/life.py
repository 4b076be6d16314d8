"""Cases of life.py."""


def cases(np):
    world = np.random.default_rng(6).integers(0, 2, (12, 15)).astype(np.uint8)
    return [
        ("neighbours", (world, 0, 14), 0),
        ("generation", (world,), 0),
        ("generation", (world.T[::-1],), 0),
        ("live", (world, 10), 0),
        ("glider", (16, 12), 0),
        ("live", (np.zeros((3, 3), np.uint8), 4), 0),
    ]
