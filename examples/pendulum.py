"""A double pendulum by the classic Runge-Kutta method; states are tuples.

numir run examples/pendulum.py swing 2.0 1.5 10.0
"""

import math

from numir import njit

GRAVITY = 9.81


@njit
def derivative(state):
    """The rate of change of (angle, angle, speed, speed) for two rods of 1 m with 1 kg each."""
    a, b, u, v = state
    s, c = math.sin(a - b), math.cos(a - b)
    bottom = 2.0 - c * c
    du = (GRAVITY * (math.sin(b) * c - 2.0 * math.sin(a)) - s * (c * u * u + v * v)) / bottom
    dv = (2.0 * GRAVITY * (math.sin(a) * c - math.sin(b)) + s * (2.0 * u * u + c * v * v)) / bottom
    return u, v, du, dv


@njit
def moved(state, rate, time):
    """The state after `time` seconds at a constant rate."""
    a, b, u, v = state
    da, db, du, dv = rate
    return a + time * da, b + time * db, u + time * du, v + time * dv


@njit
def swing(upper: float, lower: float, seconds: float, step: float = 0.001):
    """Both angles in radians, `seconds` after letting go at rest."""
    state = (upper, lower, 0.0, 0.0)
    for _ in range(round(seconds / step)):
        k1 = derivative(state)
        k2 = derivative(moved(state, k1, step / 2.0))
        k3 = derivative(moved(state, k2, step / 2.0))
        k4 = derivative(moved(state, k3, step))
        state = moved(state, k1, step / 6.0)
        state = moved(state, k2, step / 3.0)
        state = moved(state, k3, step / 3.0)
        state = moved(state, k4, step / 6.0)
    return state[0], state[1]
