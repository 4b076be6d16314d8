"""Cases of mandelbrot.py."""


def cases(np):
    return [
        ("escape", (-0.5 + 0.5j, 100), 0),
        ("escape", (0.4 + 0.4j, 100), 0),
        ("picture", (45, 30, 60), 0),
        ("picture", (0, 3, 5), 0),
        ("inside", (40, 50), 0),
    ]
