"""NumPy functions, as far as they are not primitives."""

import numpy as np
from numir.intrinsics import result_type


def arange(start, stop=None, step=1, dtype=None):
    if stop is None:
        return _arange(0, start, step, result_type(start, step) if dtype is None else dtype)
    return _arange(start, stop, step, result_type(start, stop, step) if dtype is None else dtype)


def _arange(start, stop, step, dtype):
    if step == 0:
        raise ZeroDivisionError("division by zero")
    count = np.ceil((stop - start) / step)
    length = 0
    if count > 0.0:
        length = int(count)
    result = np.empty(length, dtype)
    first = dtype(start)
    delta = dtype(start + step) - first
    for i in range(length):
        result[i] = first + dtype(i) * delta
    return result


def linspace(start, stop, num=50, endpoint=True, dtype=np.float64):
    if num < 0:
        raise ValueError("Number of samples, {}, must be non-negative.", num)
    result = np.empty(num, dtype)
    intervals = num - 1 if endpoint else num
    first = 1.0 * start
    span = 1.0 * stop - first
    if intervals > 0:
        step = span / intervals
        for i in range(num):
            if step == 0.0:
                result[i] = i / intervals * span + first
            else:
                result[i] = i * step + first
        if endpoint and num > 1:
            result[num - 1] = stop
    else:
        for i in range(num):
            result[i] = first
    return result
