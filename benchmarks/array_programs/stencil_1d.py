"""Diffusion in one dimension: a stencil in place by slices."""


def arguments(random):
    return random.random(1_000_000), 20


def program(start, steps):
    x = start.copy()
    for _ in range(steps):
        x[1:-1] = 0.25 * (x[:-2] + 2.0 * x[1:-1] + x[2:])
    return x
