"""The gravity of a few bodies on each other, stepped by leapfrog; and the energy that should stay."""

import math

from numir import float64, njit

SOFTENING = 1e-9


@njit
def accelerate(position: float64[:, ::1], mass: float64[::1], acceleration: float64[:, ::1]):
    """The acceleration of each body by all others."""
    acceleration[:] = 0.0
    for i in range(len(mass)):
        for j in range(len(mass)):
            if i == j:
                continue
            dx = position[j, 0] - position[i, 0]
            dy = position[j, 1] - position[i, 1]
            dz = position[j, 2] - position[i, 2]
            square = dx * dx + dy * dy + dz * dz + SOFTENING
            strength = mass[j] / (square * math.sqrt(square))
            acceleration[i, 0] += strength * dx
            acceleration[i, 1] += strength * dy
            acceleration[i, 2] += strength * dz


@njit
def energy(position, velocity, mass):
    """Kinetic and potential energy."""
    kinetic = 0.0
    potential = 0.0
    for i in range(mass.size):
        speed = velocity[i, 0] ** 2 + velocity[i, 1] ** 2 + velocity[i, 2] ** 2
        kinetic += 0.5 * mass[i] * speed
        for j in range(i + 1, mass.size):
            square = 0.0
            for axis in range(3):
                square += (position[i, axis] - position[j, axis]) ** 2
            potential -= mass[i] * mass[j] / math.sqrt(square + SOFTENING)
    return kinetic, potential


@njit
def advance(position, velocity, mass, dt, steps):
    """Move the bodies in place; the change of the total energy."""
    acceleration = 0.0 * position
    before = sum(energy(position, velocity, mass))
    accelerate(position, mass, acceleration)
    for _ in range(steps):
        velocity += 0.5 * dt * acceleration
        position += dt * velocity
        accelerate(position, mass, acceleration)
        velocity += 0.5 * dt * acceleration
    return sum(energy(position, velocity, mass)) - before
