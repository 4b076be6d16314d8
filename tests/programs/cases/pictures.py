"""Cases of pictures.py."""


def cases(np):
    rng = np.random.default_rng(20)
    image = rng.random((10, 12))
    return [
        ("blur", (image,), 0),
        ("blur", (np.asfortranarray(image),), 0),
        ("edges", (image,), 0),
        ("edges", (image[::2, ::-1].astype(np.float32),), 0),
        ("smear", (image, 3), 0),
        ("smear", (image.T, 2), 0),
        ("kaleidoscope", (image,), 0),
        ("kaleidoscope", (image[:1],), 0),
        ("to_grey", (rng.integers(0, 256, (6, 7, 3)).astype(np.uint8),), 0),
        ("tint", (rng.integers(0, 256, (4, 5)).astype(np.uint8), (0.5, 1.0, 0.25)), 0),
        ("checker", (8, 3), 0),
    ]
