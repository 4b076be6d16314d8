"""The gravity of some hundred bodies on each other."""

import math

from numir import njit


@njit
def run(position, mass, acceleration):
    """Fill `acceleration`."""
    count = len(mass)
    for i in range(count):
        ax, ay, az = 0.0, 0.0, 0.0
        for j in range(count):
            dx = position[j, 0] - position[i, 0]
            dy = position[j, 1] - position[i, 1]
            dz = position[j, 2] - position[i, 2]
            square = dx * dx + dy * dy + dz * dz + 1e-9
            strength = mass[j] / (square * math.sqrt(square))
            ax += strength * dx
            ay += strength * dy
            az += strength * dz
        acceleration[i, 0] = ax
        acceleration[i, 1] = ay
        acceleration[i, 2] = az
