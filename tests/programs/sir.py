"""An epidemic: susceptible, infected, recovered, by the classic Runge-Kutta method with tuples as states."""

import numpy as np
from numir import njit


@njit
def rate(state, contact, recovery):
    """How fast the three groups change."""
    s, i, _ = state
    infections, recoveries = contact * s * i, recovery * i
    return -infections, infections - recoveries, recoveries


@njit
def shifted(state, change, factor):
    """state + factor * change."""
    return (
        state[0] + factor * change[0],
        state[1] + factor * change[1],
        state[2] + factor * change[2],
    )


@njit
def step(state, dt, contact, recovery):
    """One step of fourth order."""
    k1 = rate(state, contact, recovery)
    k2 = rate(shifted(state, k1, dt / 2), contact, recovery)
    k3 = rate(shifted(state, k2, dt / 2), contact, recovery)
    k4 = rate(shifted(state, k3, dt), contact, recovery)
    s = state[0] + dt / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
    i = state[1] + dt / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
    r = state[2] + dt / 6 * (k1[2] + 2 * k2[2] + 2 * k3[2] + k4[2])
    return s, i, r


@njit
def simulate(infected: float, days: int, contact: float = 0.5, recovery: float = 0.1, *, steps: int = 10):
    """The course of the epidemic, a row per day."""
    assert 0.0 <= infected <= 1.0, "a share lies between 0 and 1"
    course = np.empty((days + 1, 3))
    state = (1.0 - infected, infected, 0.0)
    for day in range(days + 1):
        course[day, 0], course[day, 1], course[day, 2] = state
        for _ in range(steps):
            state = step(state, 1 / steps, contact, recovery)
    return course


@njit
def peak(course):
    """The day on which most are infected, and how many."""
    day = 0
    for i, (_, infected, _) in enumerate(zip(course[:, 0], course[:, 1], course[:, 2])):
        if infected > course[day, 1]:
            day = i
    return day, course[day, 1]


@njit
def outbreak(infected, days):
    """The peak of an epidemic with quick contacts."""
    return peak(simulate(infected, days, recovery=0.05, contact=0.7, steps=4))
