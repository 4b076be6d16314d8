"""Cases of relaxation.py."""


def cases(np):
    source = np.zeros((10, 10))
    source[3, 4], source[7, 2] = 1.0, -0.5
    return [
        ("jacobi", (source,), 0),
        ("jacobi", (source[:, ::-1], 1e-3), 0),
        ("jacobi", (source, 1e-9, 5), 0),
        ("gauss_seidel", (source,), 0),
        ("gauss_seidel", (source.T, 1.5, 1e-4), 0),
        ("red_black", (source, 7), 0),
        ("sweeps_saved", (source,), 0),
    ]
