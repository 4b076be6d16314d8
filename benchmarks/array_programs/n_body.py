"""Accelerations of bodies that attract each other, by broadcasting."""

import numpy as np


def arguments(random):
    return random.random((3, 800)), random.random(800)


def program(position, mass):
    acceleration = np.zeros_like(position)
    x, y, z = position[0], position[1], position[2]
    for i in range(len(mass)):
        dx = x - x[i]
        dy = y - y[i]
        dz = z - z[i]
        distance = dx**2 + dy**2 + dz**2 + 1e-4
        pull = mass / (distance * np.sqrt(distance))
        acceleration[0, i] = np.sum(pull * dx)
        acceleration[1, i] = np.sum(pull * dy)
        acceleration[2, i] = np.sum(pull * dz)
    return acceleration
