"""Cases of random_walk.py."""


def cases(np):
    return [
        ("walk", (60, 5), 0),
        ("mean_distance", (40, 30), 0),
        ("first_return", (3, 100), 0),
        ("first_return", (3, 1), 0),
        ("self_avoiding", (6,), 0),
    ]
