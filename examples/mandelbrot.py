"""The Mandelbrot set, rows in parallel, each point left as soon as it escapes.

numir run examples/mandelbrot.py mandelbrot 600 400 200 -o mandelbrot.png
"""

import numpy as np
from numir import njit, prange


@njit(parallel=True)
def mandelbrot(width: int, height: int, limit: int):
    """After how many steps each point of the plane escapes; `limit` for those that do not."""
    steps = np.full((height, width), limit, np.int32)
    for row in prange(height):
        for column in range(width):
            c = complex(-2.0 + 3.0 * column / width, -1.0 + 2.0 * row / height)
            z = 0j
            for step in range(limit):
                z = z * z + c
                if z.real * z.real + z.imag * z.imag > 4.0:
                    steps[row, column] = step
                    break
    return steps
