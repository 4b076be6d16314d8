"""Pictures by slices: blur, edges, emboss, mirror, tiles, colours to grey and back."""

import numpy as np
from numir import njit, prange, uint8


@njit
def blur(image):
    """The mean of each cell and its four neighbours; the border stays."""
    result = image.copy()
    result[1:-1, 1:-1] = (
        image[1:-1, :-2] + image[1:-1, 2:] + image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, 1:-1]
    ) / 5
    return result


@njit
def edges(image):
    """The square of the gradient by central differences."""
    across = (image[1:-1, 2:] - image[1:-1, :-2]) / 2
    down = (image[2:, 1:-1] - image[:-2, 1:-1]) / 2
    return across**2 + down**2


@njit
def smear(image, steps: int):
    """Each row takes half of the one above it, in place: source and target overlap."""
    for _ in range(steps):
        image[1:] = (image[:-1] + image[1:]) / 2
        image[:, :-1] += image[:, 1:]
        image *= 0.5


@njit
def kaleidoscope(image):
    """The upper left quarter, mirrored into the others."""
    h, w = image.shape[0] // 2, image.shape[1] // 2
    result = np.empty((2 * h, 2 * w), image.dtype)
    result[:h, :w] = image[:h, :w]
    result[:h, w:] = image[:h, :w][:, ::-1]
    result[h:] = result[h - 1 :: -1] if h > 0 else result[h:]
    return result


@njit(parallel=True)
def to_grey(picture: uint8[:, :, :]):
    """The brightness of a picture in red, green and blue."""
    grey = np.empty(picture.shape[:2], np.uint8)
    for i in prange(picture.shape[0]):
        for j in prange(picture.shape[1]):
            r, g, b = picture[i, j]
            grey[i, j] = (299 * int(r) + 587 * int(g) + 114 * int(b)) // 1000
    return grey


@njit
def tint(grey, colour):
    """A grey picture in one colour, as red, green and blue."""
    result = np.empty((*grey.shape, 3), np.uint8)
    for channel, share in enumerate(colour):
        result[..., channel] = grey * share
    return result


@njit
def checker(size: int, tile: int):
    """A board of light and dark tiles."""
    row = np.arange(size) // tile
    return (row[:, np.newaxis] + row) % 2 == 0
