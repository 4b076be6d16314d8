"""The seven-point Laplacian of a volume."""


def arguments(random):
    return random.random((128, 128, 128)), 4


def program(start, steps):
    u = start.copy()
    for _ in range(steps):
        core = u[1:-1, 1:-1, 1:-1]
        around = u[:-2, 1:-1, 1:-1] + u[2:, 1:-1, 1:-1] + u[1:-1, :-2, 1:-1] + u[1:-1, 2:, 1:-1]
        around = around + u[1:-1, 1:-1, :-2] + u[1:-1, 1:-1, 2:]
        u[1:-1, 1:-1, 1:-1] = core + 0.1 * (around - 6.0 * core)
    return u
