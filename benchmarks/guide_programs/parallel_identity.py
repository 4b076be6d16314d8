"""Whole-array arithmetic: cos² + sin²."""

import numpy as np
from numba import njit


@njit(parallel=True)
def ident_parallel(x):
    return np.cos(x) ** 2 + np.sin(x) ** 2


def program():
    return ident_parallel(np.linspace(0, 7, 1000))
