"""Cases of cumulative.py."""


def cases(np):
    rng = np.random.default_rng(23)
    image = rng.random((7, 9))
    return [
        ("accumulate", (np.arange(10),), 0),
        ("accumulate", (rng.random(20)[::-2],), 0),
        ("accumulate", (rng.integers(0, 256, 30).astype(np.uint8),), 0),
        ("along", (image, 0), 0),
        ("along", (image.T, 1), 0),
        ("summed_area", (image,), 0),
        ("differences", (np.arange(10) ** 2, 2), 0),
        ("differences", (image[:, 3], 1), 0),
        ("runs", (rng.integers(0, 3, 25),), 0),
        ("runs", (np.empty(0, np.float32),), 0),
        ("brightest_box", (image, 3), 0),
    ]
