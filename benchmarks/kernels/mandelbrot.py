"""The Mandelbrot set: rows in parallel, a loop that is left early."""

from numir import njit, prange


@njit(parallel=True)
def run(image, limit):
    """Fill `image` with the steps to escape."""
    height, width = image.shape
    for row in prange(height):
        y = -1.25 + 2.5 * row / height
        for column in range(width):
            x = -2.0 + 2.5 * column / width
            u = 0.0
            v = 0.0
            steps = limit
            for step in range(limit):
                uu = u * u
                vv = v * v
                if uu + vv > 4.0:
                    steps = step
                    break
                v = 2.0 * u * v + y
                u = uu - vv + x
            image[row, column] = steps
