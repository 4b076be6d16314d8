"""How many bins a histogram is given, by the rules that NumPy has under names: widths of bins that follow from the items."""

import numpy as np
from numir.intrinsics import kind


def estimated_bins(items, rule):
    if len(items) == 0:
        return 1
    x = items.astype(np.float64)
    whole = x.max() - x.min()
    width = _width(x, whole, rule)
    if kind(items.dtype(0)) == "int" and width < 1.0:
        width = 1.0
    return int(np.ceil(whole / width)) if width > 0.0 and whole > 0.0 else 1


def _width(x, whole, rule):
    count = float(len(x))
    if rule == "sqrt":
        return whole / np.sqrt(count)
    if rule == "sturges":
        return whole / (np.log2(count) + 1.0)
    if rule == "rice":
        return whole / (2.0 * count ** (1.0 / 3.0))
    if rule == "scott":
        return (24.0 * np.pi**0.5 / count) ** (1.0 / 3.0) * np.std(x)
    if rule == "doane":
        return _doane(x, whole, count)
    if rule == "fd":
        return _freedman_diaconis(x, count)
    if rule == "auto":
        robust = max(_freedman_diaconis(x, count), whole / np.sqrt(count) / 2.0)
        return min(robust, whole / (np.log2(count) + 1.0))
    raise ValueError(f"{rule!r} is not a valid estimator for `bins`")


def _freedman_diaconis(x, count):
    low, high = np.percentile(x, 25), np.percentile(x, 75)
    return 2.0 * (high - low) * count ** (-1.0 / 3.0)


def _doane(x, whole, count):
    spread = np.std(x)
    if count <= 2.0 or spread <= 0.0:
        return np.float64(0.0)
    skew = np.mean(((x - np.mean(x)) / spread) ** 3)
    doubt = np.sqrt(6.0 * (count - 2.0) / ((count + 1.0) * (count + 3.0)))
    return whole / (1.0 + np.log2(count) + np.log2(1.0 + abs(skew) / doubt))
