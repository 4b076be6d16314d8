"""Rounding to decimal places."""
