"""Cases of finite_volumes.py."""


def cases(np):
    rng = np.random.default_rng(5)
    return [("advance", (rng.random(n), rng.random(n) - 0.5, 0.2, 4), 2) for n in (2, 3, 100, 5000)]
