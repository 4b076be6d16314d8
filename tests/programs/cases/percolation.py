"""Cases of percolation.py."""


def cases(np):
    rng = np.random.default_rng(27)
    grid = rng.random((15, 15)) < 0.62
    walls = rng.random((11, 13)) < 0.25
    walls[0, 0] = walls[-1, -1] = False
    return [
        ("flood", (grid, np.zeros_like(grid), 7, 7), 0),
        ("percolates", (grid,), 0),
        ("percolates", (grid & (rng.random((15, 15)) < 0.5),), 0),
        ("waves", (walls, 0, walls.size - 1), 0),
        ("waves", (np.eye(5, dtype=bool)[::-1], 0, 24), 0),
    ]
