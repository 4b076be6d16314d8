"""Sobel's operator on an image of bytes."""

import numpy as np


def arguments(random):
    return (random.integers(0, 256, (1000, 1000)).astype(np.uint8),)


def program(image):
    f = image.astype(np.float32)
    gx = f[:-2, 2:] - f[:-2, :-2] + 2 * (f[1:-1, 2:] - f[1:-1, :-2]) + f[2:, 2:] - f[2:, :-2]
    gy = f[2:, :-2] - f[:-2, :-2] + 2 * (f[2:, 1:-1] - f[:-2, 1:-1]) + f[2:, 2:] - f[:-2, 2:]
    strength = np.sqrt(gx * gx + gy * gy)
    return np.minimum(strength, np.float32(255)).astype(np.uint8)
