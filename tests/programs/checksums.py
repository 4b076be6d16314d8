"""Checksums of bytes: CRC-32 by a table and by bits, Adler-32, Fletcher, FNV-1a that wraps around."""

import numpy as np
from numir import njit, uint8, uint32

POLYNOMIAL = np.uint32(0xEDB88320)
FNV_PRIME = np.uint64(0x100000001B3)
FNV_START = np.uint64(0xCBF29CE484222325)


@njit
def crc_table():
    """The remainders of all bytes."""
    table = np.empty(256, np.uint32)
    for n in range(256):
        value = np.uint32(n)
        for _ in range(8):
            value = POLYNOMIAL ^ (value >> 1) if value & 1 else value >> 1
        table[n] = value
    return table


@njit
def crc32(data: uint8[:], start: uint32 = 0):
    """As zlib computes it."""
    table = crc_table()
    value = ~np.uint32(start)
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return ~value


@njit
def crc32_by_bits(data):
    """The same without a table."""
    value = np.uint32(0xFFFFFFFF)
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (POLYNOMIAL & -(value & 1))
    return value ^ np.uint32(0xFFFFFFFF)


@njit
def adler32(data):
    """Two sums modulo 65521."""
    a, b = 1, 0
    for byte in data:
        a = (a + int(byte)) % 65521
        b = (a + b) % 65521
    return b << 16 | a


@njit
def fnv1a(data):
    """Multiply and exclusive or, modulo 2**64."""
    value = FNV_START
    for byte in data:
        value = (value ^ byte) * FNV_PRIME
    return value


@njit
def fletcher16(data):
    """Sums that stay in their bytes."""
    low = high = 0
    for byte in data:
        low = (low + int(byte)) % 255
        high = (high + low) % 255
    return high << 8 | low
