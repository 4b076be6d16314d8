"""Values as JSON, exact to the bit, and back; the format is described in ../README.md."""

import ctypes
import struct

import numpy as np


def float_bits(value):
    """The bits of a double as 16 hexadecimal digits."""
    return struct.pack(">d", value).hex()


def float_of(bits):
    """The double with these bits."""
    return struct.unpack(">d", bytes.fromhex(bits))[0]


def encode(value):
    """One value; an array in C order."""
    if value is None:
        return {"t": "none"}
    if type(value) is bool:
        return {"t": "bool", "v": value}
    if type(value) is int:
        return {"t": "int", "v": str(value)}
    if type(value) is float:
        return {"t": "float", "v": float_bits(value)}
    if type(value) is complex:
        return {"t": "complex", "v": [float_bits(value.real), float_bits(value.imag)]}
    if type(value) is str:
        return {"t": "str", "v": value}
    if isinstance(value, (tuple, list)):
        return {"t": "tuple", "v": [encode(item) for item in value]}
    if isinstance(value, np.generic):
        return {"t": "scalar", "dtype": value.dtype.name, "v": value.tobytes().hex()}
    if isinstance(value, np.ndarray):
        return {"t": "array", "dtype": value.dtype.name, "shape": list(value.shape), "data": value.tobytes().hex()}
    raise TypeError(f"cannot encode a {type(value).__name__}")


def root(array):
    """The array that owns the memory of a view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def encode_arguments(arguments):
    """Arguments as a list; arrays keep their layout, and two views of one array keep sharing it."""
    encoded, owners = [], {}
    for place, argument in enumerate(arguments):
        if not isinstance(argument, np.ndarray):
            encoded.append(encode(argument))
            continue
        owner = root(argument)
        low, high = np.lib.array_utils.byte_bounds(owner)
        item = {
            "t": "array",
            "dtype": argument.dtype.name,
            "shape": list(argument.shape),
            "strides": list(argument.strides),
            "offset": argument.__array_interface__["data"][0] - low if argument.size else 0,
        }
        if id(owner) in owners and argument.size:
            item["base"] = owners[id(owner)]
        else:
            item["data"] = ctypes.string_at(low, high - low).hex() if argument.size else ""
            if argument.size:
                owners[id(owner)] = place
        encoded.append(item)
    return encoded


def decode(item, buffers=()):
    """The value that an object stands for; `buffers` holds the memory of earlier arguments."""
    kind = item["t"]
    if kind == "none":
        return None
    if kind in ("bool", "str"):
        return item["v"]
    if kind == "int":
        return int(item["v"])
    if kind == "float":
        return float_of(item["v"])
    if kind == "complex":
        return complex(float_of(item["v"][0]), float_of(item["v"][1]))
    if kind == "tuple":
        return tuple(decode(part, buffers) for part in item["v"])
    dtype = np.dtype(item["dtype"])
    if kind == "scalar":
        return np.frombuffer(bytes.fromhex(item["v"]), dtype)[0]
    if kind == "array":
        buffer = buffers[item["base"]] if "base" in item else bytearray.fromhex(item["data"])
        shape = tuple(item["shape"])
        if "strides" not in item:
            return np.frombuffer(buffer, dtype).reshape(shape) if buffer else np.empty(shape, dtype)
        if 0 in shape:
            return np.lib.stride_tricks.as_strided(np.empty(1, dtype), shape, item["strides"])
        return np.ndarray(shape, dtype, buffer, item.get("offset", 0), item["strides"])
    raise ValueError(f"there is no value of kind {kind!r}")


def decode_arguments(encoded):
    """Fresh arguments, to be changed at will."""
    decoded, buffers = [], {}
    for place, item in enumerate(encoded):
        if item["t"] == "array":
            buffers[place] = buffers[item["base"]] if "base" in item else bytearray.fromhex(item["data"])
            item = item | {"base": place}
        decoded.append(decode(item, buffers))
    return decoded
