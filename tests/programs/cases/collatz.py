"""Cases of collatz.py."""


def cases(np):
    return [
        ("length", (27,), 0),
        ("peak", (27,), 0),
        ("longest", (1500,), 0),
        ("lengths", (300,), 0),
        ("longest", (1,), 0),
    ]
