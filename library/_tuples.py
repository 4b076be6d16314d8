# Methods of tuples.


def index(elements, value, start, stop):
    if start < 0:
        start = max(start + len(elements), 0)
    if stop < 0:
        stop += len(elements)
    position = 0
    for element in elements:
        if start <= position < stop:
            if element == value:
                return position
        position += 1
    raise ValueError("tuple.index(x): x not in tuple")


def count(elements, value):
    found = 0
    for element in elements:
        if element == value:
            found += 1
    return found


def spelt(shape):
    """A shape as NumPy's messages have it: without blanks."""
    if len(shape) == 0:
        return "()"
    result = f"({shape[0]}"
    for extent in shape[1:]:
        result = result + f",{extent}"
    return result + (",)" if len(shape) == 1 else ")")
