"""When two outcomes are the same: integers and bools to the bit, floats within some ulp, NaN equal to NaN."""

import numpy as np

# What numir finds out about types before the call, CPython finds out during the call.
FOUND_EARLY = {"TypingError": "TypeError"}
_KINDS = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}


def differences(case, expected, actual):
    """What is different, a line each; nothing if the outcomes agree."""
    if expected.error or actual.error:
        yield from error_differences(case, expected, actual)
    elif message := value_difference(expected.value, actual.value, case.ulp, case.strict):
        yield f"value: {message}"
    for place, (wanted, got) in enumerate(zip(expected.arguments, actual.arguments)):
        if wanted is not None and (message := value_difference(wanted, got, case.ulp, True)):
            yield f"argument {place} after the call: {message}"
    if expected.stdout != actual.stdout:
        yield f"printed {actual.stdout!r} instead of {expected.stdout!r}"


def error_differences(case, expected, actual):
    """Two errors agree in their type and in the line that they come from."""
    if expected.error is None:
        error = actual.error
        yield f"{error.type}: {error.message} (line {error.line}) instead of {describe(expected.value)}"
    elif actual.error is None:
        yield f"{describe(actual.value)} instead of {expected.error.type}: {expected.error.message}"
    elif expected.error.type not in (actual.error.type, FOUND_EARLY.get(actual.error.type)):
        yield f"{actual.error.type}: {actual.error.message} instead of {expected.error.type}: {expected.error.message}"
    elif case.lines and expected.error.type != "RecursionError" and expected.error.line != actual.error.line:
        yield f"{actual.error.type} in line {actual.error.line} instead of {expected.error.line}"


def describe(value):
    """A value with its type, in short."""
    if isinstance(value, np.ndarray):
        text = f"array({value.tolist()}, {value.dtype}, {value.shape})"
    else:
        text = repr(value)
    return text if len(text) < 200 else text[:200] + "…"


def value_difference(expected, actual, ulp, strict):
    """Why two values differ; None if they do not."""
    if isinstance(expected, (tuple, list)):
        if not isinstance(actual, (tuple, list)) or len(expected) != len(actual):
            return f"{describe(actual)} instead of {describe(expected)}"
        for place, (wanted, got) in enumerate(zip(expected, actual)):
            if message := value_difference(wanted, got, ulp, strict):
                return f"item {place}: {message}"
        return None
    if isinstance(expected, np.generic) and isinstance(actual, np.ndarray) and actual.ndim == 0:
        # NumPy turns what it computes from arrays without dimensions into scalars; numir keeps the array.
        expected = np.asarray(expected)
    if isinstance(expected, np.ndarray):
        if not isinstance(actual, np.ndarray) or expected.shape != actual.shape or expected.dtype != actual.dtype:
            return f"{describe(actual)} instead of {describe(expected)}"
        wrong = ~same_items(expected, actual, ulp)
        if wrong.any():
            place = tuple(int(i) for i in np.argwhere(wrong)[0])
            return f"{actual[place]!r} instead of {expected[place]!r} at {place}, and {int(wrong.sum())} items in all differ"
        return None
    if not isinstance(expected, (bool, int, float, complex, np.generic)):
        same = type(expected) is type(actual) and expected == actual
    else:
        same = same_number(expected, actual, ulp, strict)
    return None if same else f"{describe(actual)} instead of {describe(expected)}"


def same_number(expected, actual, ulp, strict):
    """Numbers of one type; without `strict`, an integer may have become the float that it equals, and the like."""
    if not isinstance(actual, (bool, int, float, complex, np.generic)):
        return False
    (expected, ulp), (actual, _) = boxed(expected, ulp), boxed(actual, 0)
    expected, actual = wrapped(expected), wrapped(actual)
    if strict and type(expected) is not type(actual):
        return False
    a, b = np.asarray(expected), np.asarray(actual)
    if a.dtype != b.dtype:
        if strict or _KINDS[b.dtype.kind] < _KINDS[a.dtype.kind]:
            return False
        a = a.astype(b.dtype)
    return bool(same_items(a, b, ulp))


def wrapped(number):
    """Python's integers are 64 bits wide in numir."""
    return (number + 2**63) % 2**64 - 2**63 if type(number) is int else number


def boxed(number, ulp):
    """A number as numir returns it: like Numba, as one of Python's own, unless it is too large; and the ulp in its size."""
    if not isinstance(number, np.generic) or (number.dtype == np.uint64 and number >= 2**63):
        return number, ulp
    narrowed = {np.float16: 42, np.float32: 29, np.complex64: 29}.get(type(number), 0)
    return number.item(), ulp << narrowed


def same_items(a, b, ulp):
    """Item by item whether two arrays of one dtype agree."""
    kind = a.dtype.kind
    if kind == "c":
        parts = same_items(a.real, b.real, ulp) & same_items(a.imag, b.imag, ulp)
        with np.errstate(all="ignore"):
            # A part may be small by cancellation: then the size of the whole number is the measure.
            near = np.abs(a - b) <= ulp * np.spacing(np.abs(a)) if ulp else np.zeros(a.shape, bool)
        return parts | near
    if kind != "f":
        return a == b
    nan = np.isnan(a) & np.isnan(b)
    bits = f"i{a.dtype.itemsize}"
    x, y = np.ascontiguousarray(a).view(bits), np.ascontiguousarray(b).view(bits)
    x, y = x.reshape(a.shape), y.reshape(b.shape)
    if ulp == 0:
        return nan | (x == y)
    smallest = np.iinfo(bits).min
    x = np.where(x < 0, smallest - x, x)
    y = np.where(y < 0, smallest - y, y)
    # The distance as unsigned, which does not overflow.
    distance = np.where(x > y, x, y).astype(f"u{a.dtype.itemsize}") - np.where(x > y, y, x).astype(
        f"u{a.dtype.itemsize}"
    )
    finite = np.isfinite(a) & np.isfinite(b)
    return nan | (x == y) | (finite & (distance <= min(ulp, 2 ** (8 * a.dtype.itemsize) - 1)))
