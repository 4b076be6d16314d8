"""`numir.cuda.libdevice`: integers and bits against Python's, exactly; and what it refuses."""

import numir
import numpy as np
import pytest
from numir import cuda
from numir.cuda import libdevice

from harness.device import SIM
from harness.libdevice import EDGES, FLOATS, INTS, LONGS, called, rows, signed


def _u(x):
    return int(x) % 2**32


def _byte_perm(x, y, s):
    both = (_u(x) | _u(y) << 32).to_bytes(8, "little")
    return signed(int.from_bytes(bytes(both[(_u(s) >> (4 * k)) & 7] for k in range(4)), "little"))


INTEGERS = {
    "abs": ("i", lambda x: signed(abs(x))),
    "llabs": ("l", lambda x: signed(abs(x), 64)),
    "brev": ("i", lambda x: signed(int(f"{_u(x):032b}"[::-1], 2))),
    "brevll": ("l", lambda x: signed(int(f"{x % 2**64:064b}"[::-1], 2), 64)),
    "byte_perm": ("iii", _byte_perm),
    "clz": ("i", lambda x: 32 - _u(x).bit_length()),
    "clzll": ("l", lambda x: 64 - (x % 2**64).bit_length()),
    "ffs": ("i", lambda x: (_u(x) & -_u(x)).bit_length()),
    "ffsll": ("l", lambda x: (x % 2**64 & -(x % 2**64)).bit_length()),
    "hadd": ("ii", lambda x, y: (x + y) >> 1),
    "rhadd": ("ii", lambda x, y: (x + y + 1) >> 1),
    "uhadd": ("ii", lambda x, y: signed((_u(x) + _u(y)) >> 1)),
    "urhadd": ("ii", lambda x, y: signed((_u(x) + _u(y) + 1) >> 1)),
    "max": ("ii", max),
    "min": ("ii", min),
    "llmax": ("ll", max),
    "llmin": ("ll", min),
    "umax": ("ii", lambda x, y: max(x, y, key=_u)),
    "umin": ("ii", lambda x, y: min(x, y, key=_u)),
    "ullmax": ("ll", lambda x, y: max(x, y, key=lambda z: z % 2**64)),
    "ullmin": ("ll", lambda x, y: min(x, y, key=lambda z: z % 2**64)),
    "mul24": ("ii", lambda x, y: signed(signed(x, 24) * signed(y, 24))),
    "umul24": ("ii", lambda x, y: signed((x % 2**24) * (y % 2**24))),
    "mulhi": ("ii", lambda x, y: (x * y) >> 32),
    "umulhi": ("ii", lambda x, y: signed((_u(x) * _u(y)) >> 32)),
    "mul64hi": ("ll", lambda x, y: (x * y) >> 64),
    "umul64hi": ("ll", lambda x, y: signed(((x % 2**64) * (y % 2**64)) >> 64, 64)),
    "popc": ("i", lambda x: _u(x).bit_count()),
    "popcll": ("l", lambda x: (x % 2**64).bit_count()),
    "sad": ("iii", lambda x, y, z: signed(abs(x - y) + z)),
    "usad": ("iii", lambda x, y, z: signed(abs(_u(x) - _u(y)) + z)),
}


class TestIntegers:
    @pytest.mark.parametrize("name", INTEGERS)
    def test_as_python_computes(self, name):
        letters, meaning = INTEGERS[name]
        values = {"i": INTS, "l": LONGS}
        columns = rows(letters, values)
        given, (told,) = called(name, letters, columns)
        expected = [meaning(*map(int, row)) for row in zip(*given)]
        assert told.tolist() == expected


class TestBits:
    def test_there_and_back(self):
        for name, letters, values, view in [
            ("float_as_int", "f", EDGES, np.int32),
            ("double_as_longlong", "d", EDGES, np.int64),
        ]:
            (given,), (told,) = called(name, letters, [values])
            assert np.array_equal(told, given.view(view))
        (given,), (told,) = called("int_as_float", "i", [INTS])
        assert np.array_equal(told, given.view(np.float32), equal_nan=True)
        (given,), (told,) = called("longlong_as_double", "l", [LONGS])
        assert np.array_equal(told, given.view(np.float64), equal_nan=True)

    def test_halves(self):
        (given,), (told,) = called("float2half_rn", "f", [EDGES])
        with np.errstate(all="ignore"):
            assert np.array_equal(told, given.astype(np.float16).view(np.int16))
        (given,), (told,) = called("half2float", "h", [[0, 1, 0x3C00, -1, 0x7BFF, -32768]])
        assert np.array_equal(told, given.view(np.float16), equal_nan=True)
        (given,), (high,) = called("double2hiint", "d", [FLOATS])
        assert np.array_equal(high, given.view(np.int64) >> 32)
        _, (low,) = called("double2loint", "d", [FLOATS])
        assert np.array_equal(low, given.view(np.int64).astype(np.int32))
        _, (whole,) = called("hiloint2double", "ii", [high, low])
        assert np.array_equal(whole.view(np.int64), given.view(np.int64))


def test_arguments_of_other_kinds_are_refused():
    @cuda.jit(**SIM)
    def kernel(out):
        out[0] = libdevice.popc(1.5)

    with pytest.raises(numir.errors.TypingError, match=r"libdevice.popc\(\) takes int32 here, not a? ?float"):
        kernel[1, 1](np.zeros(1))
