"""Cases of page_rank.py."""


def cases(np):
    rng = np.random.default_rng(5)
    links = [(3, 10, 2), (200, 1000, 5)]
    wrong = ("rank_pages", (np.array([1, 2]), np.array([0, -1]), 3, 1), 0)
    outside = ("rank_pages", (np.array([1, 2, 3]), np.array([0, 1, 2]), 3, 1), 8)
    draw = rng.integers
    return [("rank_pages", (draw(0, n, m), draw(0, n, m), n, s), 8) for n, m, s in links] + [wrong, outside]
