"""Cases of geometry.py."""


def cases(np):
    rng = np.random.default_rng(26)
    star = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [2.0, 1.0], [0.0, 3.0]])
    return [
        ("area", (star,), 0),
        ("area", (star.astype(np.int32)[::-1],), 0),
        ("perimeter", (star,), 4),
        ("centroid", (star,), 0),
        ("contains", (star, 2.0, 0.5), 0),
        ("contains", (star, 2.0, 2.0), 0),
        ("hull", (rng.normal(size=(30, 2)),), 0),
    ]
