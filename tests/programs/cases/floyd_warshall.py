"""Cases of floyd_warshall.py."""


def cases(np):
    rng = np.random.default_rng(10)
    distance = rng.uniform(1, 20, (12, 12))
    distance[rng.random((12, 12)) < 0.7] = np.inf
    distance[:, 5] = np.inf
    np.fill_diagonal(distance, 0)
    graph = np.where(np.isinf(distance), 1_000_000, distance).astype(np.int32)
    return [
        ("shortest", (distance,), 0),
        ("distances", (graph,), 0),
        ("route", (distance, 0, 11), 0),
        ("route", (distance, 0, 5), 0),
        ("route", (distance, 3, 3), 0),
    ]
