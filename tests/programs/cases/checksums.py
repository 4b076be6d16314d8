"""Cases of checksums.py."""


def cases(np):
    text = np.frombuffer(b"The quick brown fox jumps over the lazy dog", np.uint8).copy()
    functions = ("crc32", "crc32_by_bits", "adler32", "fnv1a", "fletcher16")
    return [
        ("crc_table", (), 0),
        *((name, (text,), 0) for name in functions),
        *((name, (text[::-3],), 0) for name in functions),
        *((name, (text[:0],), 0) for name in functions),
        ("crc32", (text, 0x414FA339), 0),
    ]
