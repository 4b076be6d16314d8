"""Cases of layouts.py."""


def cases(np):
    a = np.arange(42.0).reshape(6, 7)
    cube = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    return [
        ("transpose", (a,), 0),
        ("transpose", (a.T[1:],), 0),
        *(("rotate", (a, quarters), 0) for quarters in (-1, 0, 1, 2)),
        ("trace", (a,), 0),
        ("trace", (a[:, 3:],), 0),
        *(("diagonal", (a[::-1], offset), 0) for offset in (-6, -2, 0, 3, 9)),
        ("spiral", (4, 6), 0),
        ("spiral", (0, 6), 0),
        ("describe", (a,), 0),
        ("describe", (np.asfortranarray(cube),), 0),
        ("describe", (a[::-2, 1::3],), 0),
        ("blocks", (np.arange(12), 3), 0),
        ("outer", (a[0, ::2], a[:, 1]), 0),
        ("swap_axes", (cube,), 0),
        ("swap_axes", (cube[:, ::-1],), 0),
    ]
