"""Finite volumes: the shallow-water equations by Lax and Friedrichs."""

import numpy as np


def arguments(random):
    return 1.0 + 0.1 * random.random((400, 400)), 0.05, 10


def program(height, ratio, steps):
    h = height.copy()
    hu = np.zeros_like(h)
    hv = np.zeros_like(h)
    for _ in range(steps):
        u = hu / h
        v = hv / h
        pressure = 0.5 * 9.81 * h * h
        fx_u = hu * u + pressure
        fx_v = hu * v
        gy_v = hv * v + pressure
        h_new, hu_new, hv_new = h.copy(), hu.copy(), hv.copy()
        h_new[1:-1, 1:-1] = 0.25 * (h[:-2, 1:-1] + h[2:, 1:-1] + h[1:-1, :-2] + h[1:-1, 2:]) - 0.5 * ratio * (
            hu[2:, 1:-1] - hu[:-2, 1:-1] + hv[1:-1, 2:] - hv[1:-1, :-2]
        )
        hu_new[1:-1, 1:-1] = 0.25 * (hu[:-2, 1:-1] + hu[2:, 1:-1] + hu[1:-1, :-2] + hu[1:-1, 2:]) - 0.5 * ratio * (
            fx_u[2:, 1:-1] - fx_u[:-2, 1:-1] + fx_v[1:-1, 2:] - fx_v[1:-1, :-2]
        )
        hv_new[1:-1, 1:-1] = 0.25 * (hv[:-2, 1:-1] + hv[2:, 1:-1] + hv[1:-1, :-2] + hv[1:-1, 2:]) - 0.5 * ratio * (
            fx_v[2:, 1:-1] - fx_v[:-2, 1:-1] + gy_v[1:-1, 2:] - gy_v[1:-1, :-2]
        )
        h, hu, hv = h_new, hu_new, hv_new
    return h, hu, hv
