"""Cases of calling.py."""


def cases(np):
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    return [
        ("affine", (2.0,), 0),
        ("affine", (2, 3, 4), 0),
        ("keywords", (0.75,), 0),
        ("nested", (1.25, 3), 0),
        ("polygon", (square,), 0),
        ("polygon", (square[::-1].astype(np.float32),), 2),
        ("regular", (7, 2.0), 64),
    ]
