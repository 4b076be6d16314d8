"""Where random numbers come from. A source is "numpy", the thread's legacy generator (MT19937), or a Generator: what is written for
both takes the source first, and the compiler knows which it is."""

import numpy as np
from numir.intrinsics import bits, call_runtime, kind, libm, random_bits, random_double, random_gauss

# The kinds of numbers that the runtime fills arrays with.
DOUBLES, NORMALS, EXPONENTIALS = 0, 2, 4


def double(source):
    """A float in [0, 1) of 53 bits."""
    return random_double(source) if kind(source) == "text" else bits(call_runtime("generator_double", source))


def single(source):
    """A float32 in [0, 1) of 24 bits."""
    return np.float32(bits32(source) >> 8) * np.float32(1 / 16777216)


def bits32(source):
    return random_bits(source) if kind(source) == "text" else call_runtime("generator_bits32", source)


def bits64(source):
    """64 bits, as a uint64."""
    if kind(source) == "text":
        high = random_bits(source)
        return np.uint64(np.int64((high << 32) | random_bits(source)))
    return np.uint64(np.int64(call_runtime("generator_bits64", source)))


def normal(source):
    return random_gauss(source) if kind(source) == "text" else bits(call_runtime("generator_normal", source))


def normal_single(source):
    return np.float32(bits(call_runtime("generator_normal_single", source)))


def exponential(source):
    if kind(source) == "text":
        return -libm("log", 1.0 - random_double(source))
    return bits(call_runtime("generator_exponential", source))


def exponential_single(source):
    return np.float32(bits(call_runtime("generator_exponential_single", source)))


def interval(source, limit):
    """An int of 0 to limit, both included: as many bits as the limit has, again until they are no more than it."""
    if limit == 0:
        return 0
    mask = limit
    for shift in (1, 2, 4, 8, 16, 32):
        mask |= mask >> shift
    while True:
        value = bits32(source) & mask if limit <= 4294967295 else np.int64(bits64(source)) & mask
        if value <= limit:
            return value


def bounded(source, limit):
    """The same, as NumPy's Generator draws indices: by Lemire's method."""
    return interval(source, limit) if kind(source) == "text" else int(lemire(source, np.uint64(limit)))


def lemire(source, limit):
    """A uint64 of 0 to limit (a uint64), both included (Lemire, Fast random integer generation in an interval, 2019): the upper half of
    a product, unless its lower half is one of those that would make some numbers likelier."""
    if limit == np.uint64(0):
        return limit
    if limit >= np.uint64(4294967295):
        return np.uint64(bits32(source)) if limit == np.uint64(4294967295) else _lemire64(source, limit)
    return lemire_of(source, limit, 32, 0, 0)[0]


def lemire_of(source, limit, width, held, buffer):
    """The same of draws of 8, 16 or 32 bits, of which a buffer still holds some; gives the number and the buffer."""
    count = limit + np.uint64(1)
    full = np.uint64((1 << width) - 1)
    draw, held, buffer = buffered(source, width, held, buffer)
    product = draw * count
    if product & full < count:
        threshold = (full - limit) % count
        while product & full < threshold:
            draw, held, buffer = buffered(source, width, held, buffer)
            product = draw * count
    return product >> np.uint64(width), held, buffer


def buffered(source, width, held, buffer):
    """So many bits as a uint64, from a buffer of 32 that still holds so many times as many behind those given last."""
    if width == 32:
        return np.uint64(bits32(source)), held, buffer
    if held == 0:
        held = 32 // width - 1
        buffer = bits32(source)
    else:
        held -= 1
        buffer >>= width
    return np.uint64(buffer & ((1 << width) - 1)), held, buffer


def _lemire64(source, limit):
    count = limit + np.uint64(1)
    if count == np.uint64(0):
        return bits64(source)
    draw = bits64(source)
    low = draw * count
    if low < count:
        threshold = (np.uint64(18446744073709551615) - limit) % count
        while low < threshold:
            draw = bits64(source)
            low = draw * count
    return upper_half(draw, count)


def upper_half(a, b):
    """The upper 64 bits of the product of two uint64."""
    mask, half = np.uint64(4294967295), np.uint64(32)
    a_low, a_high, b_low, b_high = a & mask, a >> half, b & mask, b >> half
    middle = a_high * b_low + (a_low * b_low >> half)
    return a_high * b_high + (middle >> half) + ((middle & mask) + a_low * b_high >> half)
