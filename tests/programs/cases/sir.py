"""Cases of sir.py."""


def cases(np):
    return [
        ("rate", ((0.9, 0.1, 0.0), 0.5, 0.1), 0),
        ("step", ((0.9, 0.1, 0.0), 0.25, 0.5, 0.1), 0),
        ("simulate", (0.01, 30), 0),
        ("simulate", (1.5, 30), 0),
        ("outbreak", (0.001, 60), 0),
    ]
