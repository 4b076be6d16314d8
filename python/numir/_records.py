"""The layouts of NumPy's structured dtypes, as the compiler reads them."""

import functools


@functools.cache
def layout_of(dtype):
    """The text of a structured dtype whose fields are numbers in this machine's byte order; None of any other."""
    if not dtype.fields or any(letter in name for name in dtype.names for letter in ';\\"'):
        return None
    fields = [(name, *dtype.fields[name][:2]) for name in dtype.names]
    if any(field.kind not in "biufc" or not field.isnative or field.itemsize > 16 for _, field, _ in fields):
        return None
    if any(field.name in ("longdouble", "float128") for _, field, _ in fields):
        return None
    return ";".join([str(dtype.itemsize), *(f"{field.name}:{offset}:{name}" for name, field, offset in fields)])
