"""Differential testing: the same function by CPython with NumPy and by numir, outcomes compared."""
