"""Cases of rule30.py."""


def cases(np):
    cells = np.random.default_rng(17).integers(0, 2, 31).astype(np.uint8)
    return [
        *(("evolve", (cells, rule, 12), 0) for rule in (30, 90, 110)),
        ("evolve", (cells[::-2], 184, 4), 0),
        ("rule30", (cells,), 0),
        ("center_column", (50,), 0),
        ("rule90", (np.uint64(1 << 63 | 1), 5), 0),
    ]
