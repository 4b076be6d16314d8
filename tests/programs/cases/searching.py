"""Cases of searching.py."""


def cases(np):
    rng = np.random.default_rng(13)
    items = np.sort(rng.integers(0, 100, 40))
    return [
        ("find", (items, int(items[7])), 0),
        ("find", (items, 101), 0),
        ("find", (items[:0], 3), 0),
        ("lower_bound", (items, 50), 0),
        ("lower_bound", (items / 3.0, 10.5), 0),
        ("count_between", (items, 20, 70), 0),
        ("galloping", (items, int(items[33])), 0),
        ("galloping", (items, -4), 0),
        ("first_above", (rng.random(20), 0.9), 0),
        ("first_above", (rng.random(20), 1.9), 0),
        ("select", (rng.permutation(25), 7), 0),
        ("select", (rng.permutation(25), 25), 0),
    ]
