"""np.einsum: subscripts of all kinds over operands of many types and layouts; as NumPy."""

import numpy as np
import pytest
from numir import njit

from numpy_tables import Table, filled

ONE = [
    "np.einsum('ij->ji', a)",
    "np.einsum('ij', a)",
    "np.einsum('ji', a)",
    "np.einsum('ij->', a)",
    "np.einsum('ij->i', a)",
    "np.einsum('ij->j', a)",
    "np.einsum('...->...', a)",
    "np.einsum('i...->...', a)",
    "np.einsum('...j->...', a)",
    "np.einsum('ii', s)",
    "np.einsum('ii->i', s)",
    "np.einsum('i i -> ', s)",
    "np.einsum('...ii->...i', s)",
]
TWO = [
    "np.einsum('ij,jk', a, b)",
    "np.einsum('ij,jk->ik', a, b)",
    "np.einsum('ij,jk->ki', a, b)",
    "np.einsum('ij,kj->ik', a, a)",
    "np.einsum('ji,jk->ik', a, a)",
    "np.einsum('ij,ij->', a, a)",
    "np.einsum('ij,ij->i', a, a)",
    "np.einsum('ij,ij->j', a, a)",
    "np.einsum('ij,ij->ij', a, a)",
    "np.einsum('i,j->ij', a[:, 0], b[0])",
    "np.einsum('i,i', a[0], a[1])",
    "np.einsum('ij,j->i', a, a[0])",
    "np.einsum('i,ij', a[:, 1], a)",
    "np.einsum('ii,ij->j', s, a)",
    "np.einsum('...j,j->...', a, a[0])",
    "np.einsum('...j,...j', a, a)",
    "np.einsum('i...,i...->...', a, a)",
    "np.einsum('ij,...->ij...', a, b[0])",
    "np.einsum(',ij', a[0, 0], a)",
    "np.einsum('ij,', a, 3)",
    "np.einsum('ij,ij->i', a, a[:1])",
    "np.einsum('ij,ij->i', a[:, :1], a[:1])",
    "np.einsum('ij,jk->ik', a[:, :0], b[:0])",
    "np.einsum('ij,ij->j', a[:0], a[:1])",
]
THREE = [
    "np.einsum('ij,jk,kl->il', a, b, b.T)",
    "np.einsum('i,ij,j->', a[:, 0], a, a[0])",
    "np.einsum('ij,ij,ij->i', a, a, a)",
    "np.einsum('ij,jk,ki', a, b, s.T[:3])",
    "np.einsum('i,j,k->kji', a[0], a[1], b[:, 0])",
    "np.einsum('ij,jk,kl,lm', a, b, b.T, b, optimize=True)",
    "np.einsum('ij,jk->ik', a, b, optimize='greedy')",
    "np.einsum('ij,jk->ik', a, b, order='C', casting='safe')",
]
DTYPES = ["bool", "int8", "uint16", "int64", "float16", "float32", "float64", "complex64", "complex128"]


@pytest.mark.parametrize("expressions", [ONE, TWO, THREE], ids=["one", "two", "three"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_as_numpy(tmp_path, dtype, expressions):
    table = Table(tmp_path, "a, b, s", expressions)
    rng = np.random.default_rng(4)
    a, b, s = (filled(rng, dtype, shape) for shape in ((4, 5), (5, 3), (4, 4)))
    if dtype in ("float16", "int8"):
        a, b, s = (np.clip(x, -3, 3) for x in (a, b, s))
    table.check(a, b, s, rtol=1e-5 if dtype in ("float32", "complex64") else 1e-12)
    if dtype in ("float64", "int64"):
        table.check(*map(np.asfortranarray, (a, b, s)))
        table.check(a[::-1], b[:, ::-1], s[::-1, ::-1])
        table.check(*(np.repeat(x, 2, axis=1)[:, ::2] for x in (a, b, s)))


def test_many_axes(tmp_path):
    expressions = [
        "np.einsum('bij,bjk->bik', a, b)",
        "np.einsum('...ij,...jk->...ik', a, b[0])",
        "np.einsum('...ij,...jk', a[0], b)",
        "np.einsum('bij,bij->b', a, a)",
        "np.einsum('abc->cab', a)",
        "np.einsum('abc->b', a)",
        "np.einsum('aba->b', a[:, :, :2])",
        "np.einsum('bij,cij->bc', a, a)",
        "np.einsum('bij,i,j->b', a, a[0, :, 0], a[0, 0])",
    ]
    rng = np.random.default_rng(5)
    Table(tmp_path, "a, b", expressions).check(filled(rng, "float64", (2, 3, 4)), filled(rng, "float64", (2, 4, 5)))


def test_types(tmp_path):
    expressions = [
        "np.einsum('ij,ij->i', a, f)",
        "np.einsum('ij,ij->ij', a, f)",
        "np.einsum('ij->i', a, dtype=np.float64)",
        "np.einsum('ij->i', a, dtype=np.int8)",
        "np.einsum('ij->i', a, out=np.zeros(2))",
        "np.einsum('ij->i', a, out=np.zeros(2, np.int16))",
        "np.einsum('ij->i', f, out=np.zeros(2, np.int64))",
        "np.einsum('ij->ji', a, out=np.zeros((3, 2)))",
        "np.einsum('ij->i', a, out=np.zeros(3))",
    ]
    a = np.arange(6).reshape(2, 3)
    Table(tmp_path, "a, f", expressions).check(a, a.astype(np.float32))


WRONG = [
    "np.einsum('ij,jk', a)",
    "np.einsum('ij', a, a)",
    "np.einsum('i', a)",
    "np.einsum('ijk', a)",
    "np.einsum('ij->k', a)",
    "np.einsum('ij->ii', a)",
    "np.einsum('i$', a)",
    "np.einsum('i.j', a)",
    "np.einsum('...ij->ij', np.ones((2, 3, 3)))",
    "np.einsum('ij,jk', a, np.ones((4, 2)))",
    "np.einsum('i,ij->j', a[0], a[:2])",
    "np.einsum('ii', a[:2])",
    "np.einsum('ii->i', a[:2])",
    "np.einsum('ij-', a)",
    "np.einsum('...i...', a)",
    "np.einsum('ij->i..', a)",
    "np.einsum('ij')",
]


def test_errors_in_numpys_words(tmp_path):
    a = np.arange(9.0).reshape(3, 3)
    for expression, function in zip(WRONG, Table(tmp_path, "a", WRONG).each):
        with pytest.raises(ValueError) as wanted:
            function.py_func(a)
        with pytest.raises(ValueError) as got:
            function(a)
        assert str(got.value).strip() == str(wanted.value).strip(), expression


def test_what_is_only_seen_is_written_through():
    def write(a):
        np.einsum("ii->i", a)[:] = -1
        np.einsum("ij->ji", a)[0] += 7
        np.einsum("ij", a)[1, 2] = 40
        return a

    np.testing.assert_array_equal(njit(write)(np.arange(9.0).reshape(3, 3)), write(np.arange(9.0).reshape(3, 3)))
