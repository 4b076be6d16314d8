"""Shaded relief of an elevation model: the sun at an azimuth and an altitude, slopes by Horn's method.

numir run examples/hillshade.py hillshade examples/data/dem.npy 315.0 45.0 -o hillshade.png
"""

import math

import numpy as np
from numir import njit, prange

# The extent of a cell on the ground in metres: 3 arc-seconds at 36.6 degrees north.
CELL_X = 74.4
CELL_Y = 92.7
EXAGGERATION = 2.0


@njit
def gradient(dem, i, j):
    """The rise of the ground towards the east and towards the south at one cell (Horn 1981)."""
    west = float(dem[i - 1, j - 1]) + 2.0 * dem[i, j - 1] + dem[i + 1, j - 1]
    east = float(dem[i - 1, j + 1]) + 2.0 * dem[i, j + 1] + dem[i + 1, j + 1]
    north = float(dem[i - 1, j - 1]) + 2.0 * dem[i - 1, j] + dem[i - 1, j + 1]
    south = float(dem[i + 1, j - 1]) + 2.0 * dem[i + 1, j] + dem[i + 1, j + 1]
    return (east - west) / (8.0 * CELL_X), (south - north) / (8.0 * CELL_Y)


@njit(parallel=True)
def hillshade(dem, azimuth: float, altitude: float):
    """How bright each cell of `dem` is, 0 to 255, with the sun at `azimuth` and `altitude` degrees."""
    rows, columns = dem.shape
    if rows < 3 or columns < 3:
        raise ValueError("hillshade needs at least 3 rows and 3 columns")
    sun = math.radians(90.0 - azimuth)
    zenith = math.radians(90.0 - altitude)
    shade = np.zeros((rows, columns), np.uint8)

    for i in prange(1, rows - 1):
        for j in range(1, columns - 1):
            east, south = gradient(dem, i, j)
            slope = math.atan(EXAGGERATION * math.hypot(east, south))
            downhill = math.atan2(south, -east)
            light = math.cos(zenith) * math.cos(slope)
            light += math.sin(zenith) * math.sin(slope) * math.cos(sun - downhill)
            shade[i, j] = int(255.0 * max(light, 0.0) + 0.5)

    # The outermost cells have no slope of their own: they look like their neighbours.
    shade[0] = shade[1]
    shade[-1] = shade[-2]
    shade[:, 0] = shade[:, 1]
    shade[:, -1] = shade[:, -2]
    return shade
