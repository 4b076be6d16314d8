"""Shaded relief by Horn's method: a 3 by 3 stencil with trigonometry at each cell."""

import math

from numir import njit


@njit
def run(dem, azimuth, altitude, shade):
    """Fill `shade` with the brightness of each inner cell."""
    rows, columns = dem.shape
    sun = math.radians(90.0 - azimuth)
    zenith = math.radians(90.0 - altitude)
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            west = dem[i - 1, j - 1] + 2.0 * dem[i, j - 1] + dem[i + 1, j - 1]
            east = dem[i - 1, j + 1] + 2.0 * dem[i, j + 1] + dem[i + 1, j + 1]
            north = dem[i - 1, j - 1] + 2.0 * dem[i - 1, j] + dem[i - 1, j + 1]
            south = dem[i + 1, j - 1] + 2.0 * dem[i + 1, j] + dem[i + 1, j + 1]
            across = (east - west) / 592.0
            down = (south - north) / 744.0
            slope = math.atan(math.sqrt(across * across + down * down))
            downhill = math.atan2(down, -across)
            light = math.cos(zenith) * math.cos(slope)
            light += math.sin(zenith) * math.sin(slope) * math.cos(sun - downhill)
            shade[i, j] = max(light, 0.0)
