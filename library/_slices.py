"""What slices do, as CPython does it."""


def indices(start, stop, step, length):
    if length < 0:
        raise ValueError("length should not be negative")
    step = 1 if step is None else int(step)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    low, high = (-1, length - 1) if step < 0 else (0, length)
    first = high if step < 0 else low
    last = low if step < 0 else high
    if start is not None:
        first = _within(int(start), length, low, high)
    if stop is not None:
        last = _within(int(stop), length, low, high)
    return first, last, step


def _within(position, length, low, high):
    if position < 0:
        position += length
    return max(low, min(position, high))
