"""Cases of edit_distance.py."""


def cases(np):
    rng = np.random.default_rng(7)
    kitten = np.frombuffer(b"kitten", np.uint8)
    sitting = np.frombuffer(b"sitting", np.uint8)
    a = rng.integers(97, 101, 60).astype(np.uint8)
    b = rng.integers(97, 101, 50).astype(np.uint8)
    return [
        ("levenshtein", (kitten.copy(), sitting.copy()), 0),
        ("levenshtein", (a, b), 0),
        ("levenshtein", (a[:0], b), 0),
        ("table", (kitten.copy(), sitting.copy()), 0),
        ("table", (a[:9], b[::-5], 2), 0),
        ("common", (a, b), 0),
    ]
