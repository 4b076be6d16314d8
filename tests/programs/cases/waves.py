"""Cases of waves.py."""


def cases(np):
    string = np.sin(np.linspace(0, np.pi, 21)).astype(np.float32)
    return [
        ("pluck", (11, 0.25), 0),
        ("swing", (string, 0.9, 12), 0),
        ("swing", (string[::-1], 0.5, 5, 1), 0),
        ("swing", (string, 1.5, 5), 0),
        ("tone", (string, 1), 16),
        ("harmonics", (33, 0.2, 6), 1 << 12),
    ]
