"""The Mandelbrot set with complex arrays and masks."""

import numpy as np


def arguments(random):
    x, y = np.meshgrid(np.linspace(-2, 1, 300), np.linspace(-1.2, 1.2, 240))
    return (x + 1j * y).ravel(), 40


def program(c, steps):
    z = np.zeros_like(c)
    count = np.zeros(c.shape, np.int64)
    for _ in range(steps):
        inside = z.real**2 + z.imag**2 < 4.0
        z = np.where(inside, z * z + c, z)
        count += inside
    return count
