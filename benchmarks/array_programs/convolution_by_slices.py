"""An image convolved with a 5 by 5 kernel, a shifted image at a time."""

import numpy as np


def arguments(random):
    return random.random((800, 800)), random.random((5, 5))


def program(image, kernel):
    rows, columns = image.shape[0] - 4, image.shape[1] - 4
    result = np.zeros((rows, columns))
    for i in range(5):
        for j in range(5):
            result += kernel[i, j] * image[i : i + rows, j : j + columns]
    return result
