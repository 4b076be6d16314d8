"""Arrays of nested lists that hold arrays, arrays in brackets, and what takes several arrays or lists; as NumPy."""

import numpy as np
import pytest
from numir import njit

from numpy_tables import Table, filled

NESTED = [
    "np.array([a, a * 2])",
    "np.array((a, a), dtype=np.complex64)",
    "np.array([[a, a], [a, b[0]]])",
    "np.array([b, b])",
    "np.array([b[:0], b[:0]])",
    "np.array([a, (1, 2, 3)])",
    "np.array([[1, 2, 3], a])",
    "np.array([[[1, 2, 3], [4, 5, 6]], b])",
    "np.asarray([a, a[::-1]])",
    "np.array([a.astype(np.float32), a.astype(np.int8)])",
    "np.array([a[0], 2, a[1]])",
    "np.array([a, a[:2]])",
    "np.array([b, a])",
    "np.array([[a, a], [a]])",
    "np.array([a, 3])",
    "np.sum([a, a], axis=0)",
    "np.mean([b, b + 1], axis=(0, 2))",
    "np.stack([a, a])",
    "np.array(a, ndmin=3)",
    "np.array(a, ndmin=1)",
    "np.array([1, 2], ndmin=2)",
    "np.where([True, False, True], a, [7, 8, 9])",
    "np.ravel_multi_index(([0, 1], [1, 1]), (2, 2))",
    "np.shape([[1, 2]])",
    "np.ndim([1, 2])",
    "np.size([[1, 2], [3, 4]], 1)",
    "np.atleast_1d(1, a)",
    "np.atleast_2d(a, b)",
    "np.atleast_3d(a)",
]
BRACKETS = [
    "np.r_[1, 2, a]",
    "np.r_[a, a]",
    "np.r_[b, b]",
    "np.r_[1:4, 0, 2.5]",
    "np.r_[0:1:3j]",
    "np.r_[a]",
    "np.c_[a, a]",
    "np.c_[b, b[:, 0]]",
    "np.c_[a]",
    "b[np.s_[0, 1:]]",
    "b[np.s_[1:]]",
    "b[np.index_exp[0]]",
    "np.r_[a, b]",
]
BETWEEN = [
    "np.linspace(0, 1, 5, retstep=True)",
    "np.linspace(0, 1, 1, retstep=True)",
    "np.linspace(a, a + 4, 3)",
    "np.linspace(a, 5, 3, axis=-1)",
    "np.linspace([0, 1], [2, 3], 4, endpoint=False)",
    "np.linspace(0, b, 3, axis=1)",
    "np.cross(b, a)",
    "np.cross(a, a[::-1])",
    "np.cross(b.T, b.T[:, ::-1], axis=0)",
    "np.cross(b, b[::-1], axisc=0)",
    "np.cross(b.T, b[::-1], axisa=0)",
    "np.interp([1.5, 7, -3], [0.5, 3, 4], [1, 2, 5], period=4)",
    "np.interp(9.25, a, b[0], period=-3)",
    "np.interp(1.0, a, a, period=0)",
    "np.interp(1.0, a, a[:2], period=2)",
]
METHODS = [
    "a.conj()",
    "(b * 1j).conj()",
    "(b * 1j).conjugate()",
    "b.mT",
    "a.mT",
    "np.array([1, 0]).choose([a[:2], a[1:]])",
    "a.choose([a, a])",
]


@pytest.mark.parametrize(
    "expressions", [NESTED, BRACKETS, BETWEEN, METHODS], ids=["nested", "brackets", "between", "methods"]
)
@pytest.mark.parametrize("dtype", ["int16", "float64"])
def test_as_numpy(tmp_path, expressions, dtype):
    rng = np.random.default_rng(8)
    table = Table(tmp_path, "a, b", expressions)
    table.check(filled(rng, dtype, (3,)), filled(rng, dtype, (2, 3)))
    if dtype == "float64":
        table.check(filled(rng, dtype, (6,))[::-2], np.asfortranarray(filled(rng, dtype, (2, 3))))


def test_a_row_is_copied():
    @njit
    def copied(a):
        both = np.array([a, a])
        a[0] = 9
        return both

    np.testing.assert_array_equal(copied(np.arange(2.0)), [[0, 1], [0, 1]])


def test_real_numbers_are_their_own_conjugates():
    def write(a):
        a.conj()[0] = 7
        return a

    np.testing.assert_array_equal(njit(write)(np.arange(3.0)), write(np.arange(3.0)))


FLOATS = ("bits eps epsneg iexp machep max maxexp min minexp negep nexp nmant precision resolution smallest_normal "
          "smallest_subnormal tiny").split()  # fmt: skip


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
def test_limits_of_floats(tmp_path, dtype):
    expressions = [f"np.finfo(np.{dtype}).{name}" for name in FLOATS] + ["np.finfo(a[0]).eps", "np.finfo(a.dtype).max"]
    Table(tmp_path, "a", expressions).check(np.ones(2, dtype), rtol=0)


def test_limits_of_integers(tmp_path):
    names = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")
    expressions = [f"np.iinfo(np.{name}).{what}" for name in names for what in ("min", "max", "bits")]
    expressions += ["np.iinfo(a[0]).max", "np.uint64(np.iinfo(np.uint64).max)"]
    Table(tmp_path, "a", expressions).check(np.arange(2))
    Table(tmp_path, "a", ["np.iinfo(np.float32)", "np.finfo(np.int8)", "np.finfo(a)", "np.iinfo(a)"]).check(
        np.arange(2)
    )


def test_casts_that_are_allowed(tmp_path):
    names = ("bool", "int8", "uint8", "int64", "uint64", "float16", "float32", "float64", "complex64", "complex128")
    rules = ("no", "safe", "same_kind", "unsafe")
    expressions = [f"np.can_cast(np.{one}, np.{two}, '{rule}')" for one in names for two in names for rule in rules]
    wrong = ["np.can_cast(1, np.int8)", "np.can_cast(np.int8, np.int8, 'x')"]
    Table(tmp_path, "", ["(" + ", ".join(expressions) + ")", *wrong]).check()
    expressions = [f"np.zeros(1, np.promote_types(np.{one}, np.{two}))" for one in names[:6] for two in names[3:]]
    Table(tmp_path, "", expressions).check()
