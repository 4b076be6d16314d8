"""NumPy's structured dtypes as the compiler reads them, and records that come back from it."""

import functools

import numpy as np


@functools.cache
def layout_of(dtype):
    """The text of a structured dtype whose fields are numbers in this machine's byte order, arrays or records of such; None of
    any other."""
    if not dtype.fields or any(letter in name for name in dtype.names for letter in ';\\"{}'):
        return None
    fields = [(_item(dtype.fields[name][0]), dtype.fields[name][1], name) for name in dtype.names]
    if any(item is None for item, _, _ in fields) or not all(name for _, _, name in fields):
        return None
    return ";".join([str(dtype.itemsize), *(f"{item}:{offset}:{name}" for item, offset, name in fields)])


def _item(field):
    """The text of a field's type."""
    if field.subdtype is not None:
        base, shape = field.subdtype
        item = _item(base)
        return item and f"{item}[{','.join(map(str, shape))}]"
    if field.names is not None:
        layout = layout_of(field)
        return layout and f"{{{layout}}}"
    if field.kind not in "biufc" or not field.isnative or field.itemsize > 16:
        return None
    return None if field.name in ("longdouble", "float128") else field.name


@functools.cache
def dtype_of(layout):
    """The dtype whose layout is spelled so."""
    dtype, rest = _read(layout)
    if rest:
        raise ValueError(f"{layout!r} is no layout of records")
    return dtype


def _read(text):
    """A dtype, and what is left behind it."""
    end = next((place for place, letter in enumerate(text) if letter in ";}"), len(text))
    size, text = int(text[:end].split("@")[0]), text[end:]
    names, formats, offsets = [], [], []
    while text.startswith(";"):
        if text.startswith(";{"):
            base, text = _read(text[2:])
            text = text[1:]
        else:
            end = min(place for place in (text.find("["), text.find(":")) if place >= 0)
            base, text = np.dtype(text[1:end]), text[end:]
        shape = ()
        if text.startswith("["):
            inside, text = text[1:].split("]", 1)
            shape = tuple(map(int, inside.split(",")))
        offset, text = text[1:].split(":", 1)
        end = next((place for place, letter in enumerate(text) if letter in ";}"), len(text))
        names.append(text[:end])
        formats.append((base, shape))
        offsets.append(int(offset))
        text = text[end:]
    if names == [""]:
        return np.dtype(formats[0][0]), text
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size}), text


def bytes_of(records):
    """The bytes of an array of records, as one more axis, or of a record; and whether they may be written."""
    if isinstance(records, np.void):
        return np.frombuffer(records, np.uint8), bool(records.flags.writeable)
    return records.view(np.ndarray)[..., None].view(np.uint8), bool(records.flags.writeable)


def result_of(array, layout, argument):
    """Records that come back as their bytes, perhaps those of an argument: a record is copied, of an array this is a view. An argument
    that comes back unchanged is the same object."""
    dtype = dtype_of(layout)
    if array.ndim == 1:
        record = array.tobytes()
        return np.frombuffer(record, dtype)[0] if dtype.names is None else _record(record, dtype)
    shape, strides = array.shape[:-1], array.strides[:-1]
    if isinstance(argument, np.ndarray) and layout_of(argument.dtype) == layout:
        same = argument.__array_interface__["data"] == array.__array_interface__["data"]
        if same and argument.shape == shape and argument.strides == strides:
            return argument
    if array.size == 0:
        return np.empty(shape, dtype)
    return array.view(dtype)[..., 0]


def _record(record, dtype):
    """A record of its own, which may be written."""
    one = np.empty(1, np.dtype((np.record, dtype)))
    one.view(np.uint8)[:] = np.frombuffer(record, np.uint8)
    return one[0]
