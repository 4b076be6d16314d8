"""The power spectrum of a signal under a window."""

import numpy as np


def arguments(random):
    return random.standard_normal(1 << 18), np.hanning(1 << 18)


def program(signal, window):
    transformed = np.fft.rfft(signal * window)
    return np.abs(transformed) ** 2
