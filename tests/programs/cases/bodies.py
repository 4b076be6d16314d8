"""Cases of bodies.py. One body is far heavier and lies apart, so that no acceleration is what is left of others that cancel out."""


def cases(np):
    rng = np.random.default_rng(5)
    found = []
    for n in (1, 2, 60, 300):
        position, mass = 1.0 + rng.random((2, n)), 1e-4 * rng.random(n)
        position[:, 0], mass[0] = 0.0, 1000.0
        found.append(("accelerations", (position, mass), 16))
    return found
