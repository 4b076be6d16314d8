"""Integers in a range, of any integer dtype: numpy.random.randint and Generator.integers."""

import numpy as np
from _random_source import bits32, bits64, buffered, lemire, lemire_of
from numir.intrinsics import constant, kind


def integers(source, low, high, size, dtype, endpoint):
    """Those of low to high, which is included where `endpoint` says so; of 0 to low where there is no high."""
    example = np.empty(1, dtype)
    first = np.int64(0) if high is None else low
    last = low if high is None else high
    if kind(first) == "array" or kind(last) == "array" or kind(first) == "tuple" or kind(last) == "tuple":
        return _of_arrays(source, np.asarray(first, np.int64), np.asarray(last, np.int64), size, dtype, endpoint)
    start, width = _range(example, _whole(first), _whole(last), endpoint)
    bits = 1 if example.dtype.kind == "b" else 8 * example.dtype.itemsize
    if size is None:
        return example.dtype.type(start + _drawn(source, bits, width, 0, 0)[0])
    out = np.empty(size, dtype)
    flat = out.reshape(-1)
    held, buffer = 0, 0
    for i in range(flat.size):
        value, held, buffer = _drawn(source, bits, width, held, buffer)
        flat[i] = example.dtype.type(start + value)
    return out


def _whole(x):
    return x if kind(x) == "int" else int(x)


def _range(example, low, high, endpoint):
    """Where a range begins and how much further its last number is, as uint64, where both lie in the dtype."""
    size, letter = example.dtype.itemsize, example.dtype.kind
    name = "bool" if letter == "b" else ("uint" if letter == "u" else "int")
    smallest = 0 if letter != "i" else (-1 << 63) >> (64 - 8 * size)
    if size < 8:
        largest = 1 if letter == "b" else (1 << (8 * size - (1 if letter == "i" else 0))) - 1
        past = largest if endpoint else largest + 1
        if low < smallest:
            raise ValueError(f"low is out of bounds for {name}" + _digits(size, letter))
        if high > past:
            raise ValueError(f"high is out of bounds for {name}" + _digits(size, letter))
    elif letter == "u" and kind(low) == "int" and low < 0:
        raise ValueError("low is out of bounds for uint64")
    if high < low if endpoint else high <= low:
        if endpoint:
            if low == 0:
                raise ValueError("high < 0")
            raise ValueError("low > high")
        if low == 0:
            raise ValueError("high <= 0")
        raise ValueError("low >= high")
    start = _unsigned(low)
    width = _unsigned(high) - start
    return start, width if endpoint else width - np.uint64(1)


def _unsigned(x):
    return ~np.uint64(~x) if x < 0 else np.uint64(x)


def _digits(size: constant, letter: constant):
    return "" if letter == "b" else ("8" if size == 1 else ("16" if size == 2 else ("32" if size == 4 else "64")))


def _drawn(source, bits: constant, width, held, buffer):
    """A uint64 of 0 to width, both included, by draws of so many bits, which a buffer may hold."""
    if width == np.uint64(0):
        return width, held, buffer
    if bits == 1:
        if held == 0:
            held = 31
            buffer = bits32(source)
        else:
            held -= 1
            buffer >>= 1
        return np.uint64(buffer & 1), held, buffer
    if bits == 64:
        return _masked64(source, width) if kind(source) == "text" else lemire(source, width), held, buffer
    full = np.uint64((1 << bits) - 1)
    if width == full:
        return buffered(source, bits, held, buffer)
    if kind(source) != "text":
        return lemire_of(source, width, bits, held, buffer)
    mask = _mask(width)
    value = full
    while value > width:
        value, held, buffer = buffered(source, bits, held, buffer)
        value &= mask
    return value, held, buffer


def _mask(limit):
    for shift in (1, 2, 4, 8, 16, 32):
        limit |= limit >> np.uint64(shift)
    return limit


def _masked64(source, width):
    mask = _mask(width)
    short = width <= np.uint64(4294967295)
    value = (np.uint64(bits32(source)) if short else bits64(source)) & mask
    while value > width:
        value = (np.uint64(bits32(source)) if short else bits64(source)) & mask
    return value


def _of_arrays(source, low, high, size, dtype, endpoint):
    shape = np.broadcast_shapes(low.shape, high.shape)
    out = np.empty(shape, dtype) if size is None else np.empty(size, dtype)
    if np.broadcast_shapes(out.shape, shape) != out.shape:
        raise ValueError("Output size is not compatible with broadcast dimensions of inputs.")
    lows, highs = (
        np.broadcast_to(low, out.shape).copy().reshape(-1),
        np.broadcast_to(high, out.shape).copy().reshape(-1),
    )
    example = np.empty(1, dtype)
    bits = 1 if example.dtype.kind == "b" else 8 * example.dtype.itemsize
    flat = out.reshape(-1)
    for i in range(flat.size):
        _range(example, int(lows[i]), int(highs[i]), endpoint)
    held, buffer = 0, 0
    for i in range(flat.size):
        start, width = _range(example, int(lows[i]), int(highs[i]), endpoint)
        value, held, buffer = _drawn(source, bits, width, held, buffer)
        flat[i] = example.dtype.type(start + value)
    return out
