"""Fill tests/tables with what CPython and NumPy 2 print and promote: python3 tests/record.py (from the crate's folder).

The tables are checked in; `cargo test` compares with them and runs no Python. Texts escape backslash, newline and tab.
"""

import random
import struct
import sys
from pathlib import Path

import numpy as np

TABLES = Path(__file__).parent / "tables"
NAMES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
NAMES += ["float16", "float32", "float64", "complex64", "complex128"]
random.seed(20)


def write(name: str, rows: list[tuple]) -> None:
    def escape(field: object) -> str:
        return str(field).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")

    text = "".join("\t".join(escape(field) for field in row) + "\n" for row in rows)
    (TABLES / f"{name}.tsv").write_text(text, encoding="utf-8")


def fnv(texts: list[str]) -> int:
    digest = 0xCBF29CE484222325
    for byte in "\n".join(texts).encode():
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    return digest


def doubles() -> list[float]:
    """Awkward values: limits, powers and their neighbours, halves at the printed precision, random bits."""
    values = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]
    values += [1.5, 0.1, 1 / 3, 2 / 3, 9007199254740993.0, 123456789.125, 1e22, 1e23, -1e-7, 3.14]
    for power in [*range(-30, 31), -1074, -1022, -500, 500, 1023]:
        values += [2.0**power, np.nextafter(2.0**power, 0.0), np.nextafter(2.0**power, np.inf)]
    for power in [*range(-10, 25), -300, 300]:
        ten = float(f"1e{power}")
        values += [ten, np.nextafter(ten, 0.0), np.nextafter(ten, np.inf), -ten]
    bits = [struct.unpack("<d", random.randbytes(8))[0] for _ in range(300)]
    return [float(value) for value in values + bits + [random.uniform(-1e6, 1e6) for _ in range(100)]]


def floats() -> None:
    rows = []
    for value in doubles():
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
        assert np.isnan(value) or repr(value) == str(np.float64(value)), value
        rows.append(("float64", f"{bits:x}", repr(value), repr(np.float64(value))))
    with np.errstate(all="ignore"):
        singles = [np.float32(value) for value in doubles()]
    singles += [np.array(random.getrandbits(32), np.uint32).view(np.float32)[()] for _ in range(600)]
    for power in range(-149, 128):
        single = np.float32(2.0**power)
        singles += [single, np.nextafter(single, np.float32(0)), np.nextafter(single, np.float32(np.inf))]
    for value in singles:
        rows.append(("float32", f"{value.view(np.uint32):x}", str(value), repr(value)))
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    for value in halves[::97]:
        rows.append(("float16", f"{value.view(np.uint16):x}", str(value), repr(value)))
    rows.append(("every float16", "", f"{fnv([str(value) for value in halves]):x}", ""))
    write("floats", rows)


def complexes() -> None:
    parts = [0.0, -0.0, 1.0, -2.5, 1e16, 1e-5, 0.1, np.inf, -np.inf, np.nan, 123456.789]
    rows = []
    for re in parts:
        for im in parts:
            words = struct.unpack("<QQ", struct.pack("<dd", re, im))
            rows.append(("python", f"{words[0]:x}", f"{words[1]:x}", str(complex(re, im)), repr(complex(re, im))))
            double = np.complex128(complex(re, im))
            rows.append(("complex128", f"{words[0]:x}", f"{words[1]:x}", str(double), repr(double)))
            single = np.complex64(complex(re, im))
            word = int.from_bytes(single.tobytes(), "little")
            rows.append(("complex64", f"{word:x}", "0", str(single), repr(single)))
    write("complexes", rows)


def promotions() -> None:
    rows = [(a, b, np.promote_types(a, b).name) for a in NAMES for b in NAMES]
    weak = {"int": 1, "float": 1.0, "complex": 1j}
    rows += [(a, f"weak {b}", np.result_type(np.dtype(a), weak[b]).name) for a in NAMES for b in weak]
    write("promotions", rows)


def texts() -> None:
    cases = ["", "plain", "it's", 'say "hi"', 'it\'s "both"', "a\\b", "\0\x01\x1f\x7f", "tab\tline\nreturn\r"]
    cases += [
        "é ñ ß",
        "日本語",
        "😀",
        "\x80\xa0\xad",
        "\u200b\u2028\ufeff",
        "e\u0301",
        "\u0301",
        "\U000e0001",
        "\ue000",
        "`~",
    ]
    write("texts", [(case.encode().hex(), repr(case).encode().hex()) for case in cases])


def arrays() -> None:
    cases = [np.array(5), np.array(1.5), np.array(True), np.array(2 + 3j), np.array(0.1, np.float32)]
    cases += [np.zeros(0), np.zeros((0, 3)), np.zeros((2, 0), np.int8), np.zeros(0, np.int64)]
    cases += [np.arange(10), np.arange(40) * 1000, np.arange(12, dtype=np.int8).reshape(3, 4) - 5]
    cases += [np.arange(24.0).reshape(2, 3, 4), np.arange(16, dtype=np.uint8).reshape(2, 2, 2, 2), np.ones((1, 1, 1))]
    cases += [np.array([True, False]), np.eye(3, dtype=bool), np.linspace(0, 1, 7), np.linspace(0, 1, 50)]
    cases += [
        np.array([1.0, 1e8]),
        np.array([1e-5, 1.0]),
        np.array([1, 1000.0]),
        np.array([1, 1001.0]),
        np.array([0.0001]),
    ]
    cases += [np.array([1e100, -2e-100, 0, 3]), np.array([1.5, np.nan, np.inf]), np.array([-np.inf, 1e20, np.nan])]
    cases += [
        np.array([np.nan, np.nan]),
        np.array([np.inf, -np.inf]),
        np.array([-0.0, 0.0]),
        np.array([1e16, 123456.789]),
    ]
    cases += [np.array([2.0**-9, 2.0**-10, 3 * 2.0**-9]), np.array([0.999999999, 1]), np.array([1 / 3, 1234.5678])]
    for dtype in [np.float16, np.float32]:
        cases += [np.array([0.1, 2 / 3, 100], dtype), np.array([999, 1], dtype), np.array([1000, 1], dtype)]
        cases += [np.array([1001, 1], dtype), np.array([0.0001, 0.0002], dtype), np.array([6e-5, 0.01], dtype)]
        cases += [np.array([65504, -1], dtype), np.array([1e-7, 0.5, np.nan], dtype), np.arange(100, dtype=dtype) / 7]
    cases += [np.array([1e6, 1], np.float32), np.array([999999, 1000], np.float32), np.array([3e38], np.float32)]
    cases += [
        np.array([1 + 2j, -3.5j]),
        np.array([1e10 + 1j, 0]),
        np.array([complex(np.nan, np.inf), complex(-np.inf, 1)]),
    ]
    cases += [
        np.array([1 / 3 + 2j / 3, 1], np.complex64),
        np.arange(30) * (1 - 1j),
        np.array([[1j], [2.25]], np.complex64),
    ]
    cases += [
        np.arange(1000, dtype=np.int16),
        np.arange(1001, dtype=np.int16),
        np.arange(1200, dtype=np.uint16).reshape(30, 40),
    ]
    cases += [np.arange(1010, dtype=np.uint16).reshape(5, 202), np.arange(1010, dtype=np.uint16).reshape(202, 5)]
    cases += [
        np.arange(1024, dtype=np.uint16).reshape(8, 2, 64),
        (np.arange(1500, dtype=np.float16) / 8).reshape(10, 10, 15),
    ]
    cases += [np.zeros((1001, 1), bool), np.array([2**63 - 1, -(2**63)]), np.array([2**64 - 1, 0], np.uint64)]
    cases += [
        np.arange(14, dtype=np.int32) * 10**7,
        np.arange(3, dtype=np.float32),
        np.arange(11, dtype=np.float32) * 1.5,
    ]
    for _ in range(60):
        scale = 10.0 ** random.randint(-6, 9)
        spread = random.choice([1, 3, 8])
        shape = random.choice([(4,), (13,), (3, 5), (2, 2, 3), (6, 1)])
        values = [random.gauss(0, 1) ** spread * scale for _ in range(int(np.prod(shape)))]
        with np.errstate(over="ignore"):
            cases.append(np.array(values, random.choice([np.float64, np.float64, np.float32])).reshape(shape))
    rows = []
    for case in cases:
        shape = ",".join(map(str, case.shape))
        rows.append((case.dtype.name, shape, case.tobytes().hex(), str(case), repr(case)))
    write("arrays", rows)


if __name__ == "__main__":
    if int(np.__version__.split(".")[0]) < 2:
        sys.exit("NumPy 2 is needed")
    TABLES.mkdir(exist_ok=True)
    floats()
    complexes()
    promotions()
    texts()
    arrays()
