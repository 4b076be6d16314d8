"""Cases of laplace3d.py."""


def cases(np):
    box = np.random.default_rng(2).random((7, 6, 5))
    return [
        ("smooth", (box, 0.9), 0),
        ("smooth", (np.asfortranarray(box), 0.9), 0),
        ("residual", (box[::-1, 1:, ::2],), 0),
        ("relax", (9, 12), 0),
    ]
