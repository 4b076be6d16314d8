"""Cases of kmeans.py."""


def cases(np):
    rng = np.random.default_rng(16)
    points = np.concatenate([rng.normal(center, 0.4, (15, 2)) for center in ((0, 0), (3, 1), (-2, 4))])
    points = rng.permutation(points)
    return [
        ("square_distance", (points[0], points[1]), 0),
        ("assign", (points, points[:3].copy(), np.zeros(45, np.int64)), 0),
        ("move", (points, points[:3].copy(), rng.integers(0, 2, 45)), 0),
        ("kmeans", (points, 3), 0),
        ("kmeans", (points, 3, 1), 0),
        ("kmeans", (points[:2].copy(), 3), 0),
    ]
