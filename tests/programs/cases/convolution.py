"""Cases of convolution.py."""


def cases(np):
    rng = np.random.default_rng(9)
    image = rng.random((14, 18)).astype(np.float32)
    kernel = rng.random((3, 5)).astype(np.float32)
    return [
        ("convolve2d", (image, kernel), 0),
        ("convolve2d", (image[::-1, ::2], kernel.T), 0),
        ("convolve2d", (kernel, image), 0),
        *(("convolve1d", (rng.random(12), rng.random(4), mode), 0) for mode in range(4)),
        ("convolve1d", (rng.integers(0, 200, 9).astype(np.uint8), np.array([1, 2, 1], np.uint8)), 0),
    ]
