"""Cases of nbody.py."""


def cases(np):
    rng = np.random.default_rng(3)
    position = rng.normal(size=(6, 3))
    velocity = rng.normal(size=(6, 3)) * 0.1
    mass = rng.random(6) + 0.1
    return [
        ("accelerate", (position, mass, np.ones((6, 3))), 0),
        ("energy", (position, velocity, mass), 0),
        ("advance", (position, velocity, mass, 0.001, 25), 0),
        ("accelerate", (position[:0], mass[:0], np.ones((0, 3))), 0),
    ]
