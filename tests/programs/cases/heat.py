"""Cases of heat.py."""


def cases(np):
    rng = np.random.default_rng(1)
    plate = rng.random((23, 17))
    return [
        ("step", (plate, np.zeros_like(plate), 0.1), 0),
        ("diffuse", (plate, 0.2, 13), 0),
        ("diffuse", (plate[:2, :2].copy(), 0.2, 2), 0),
        ("diffuse_parallel", (plate, 0.2, 13), 0),
        ("diffuse_parallel", (plate.astype(np.float32)[:, ::-1], np.float32(0.2), 3), 0),
        ("hottest", (plate.T,), 0),
        ("hot_spot", (15, 20), 0),
    ]
