"""Cases of fft.py."""


def cases(np):
    rng = np.random.default_rng(11)
    x = rng.normal(size=32) + 1j * rng.normal(size=32)
    return [
        ("reverse_bits", (np.arange(16),), 0),
        ("transform", (x,), 256),
        ("transform", (x[::-2], True), 256),
        ("transform", (x[:12],), 0),
        ("recursive", (x,), 256),
        ("spectrum", (rng.normal(size=64),), 1024),
        ("spectrum", (np.arange(16, dtype=np.int16),), 1024),
    ]
