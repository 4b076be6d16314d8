"""Cases of quaternions.py."""


def cases(np):
    p, q = (0.5, 0.5, 0.5, 0.5), (0.6, 0.0, 0.8, 0.0)
    points = np.random.default_rng(24).normal(size=(5, 3))
    return [
        ("product", (p, q), 0),
        ("product", ((1, 2, 3, 4), (5, 6, 7, 8)), 0),
        ("about", ((1.0, 2.0, 2.0), 1.2), 4),
        ("about", ((0.0, 0.0, 0.0), 1.2), 0),
        ("rotate", (q, (1.0, -2.0, 0.5)), 4),
        ("rotate_points", (points, (0.0, 0.0, 1.0), 0.7), 64),
        ("power", (q, -5), 64),
        ("power", (q, 0), 0),
        ("slerp", (p, q, 0.25), 16),
        ("slerp", (p, (-0.5, -0.5, -0.5, -0.5), 0.25), 16),
    ]
