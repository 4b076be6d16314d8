"""Arrays made, reshaped, put together and indexed by NumPy's functions, in many dtypes and layouts; as NumPy."""

import numpy as np
import pytest
from numir import njit

# Expressions over a (one axis), b (two), c (three) and i (indices).
CREATION = [
    "np.eye(3)",
    "np.eye(3,4,k=-1,dtype=np.int32)",
    "np.identity(2)",
    "np.tri(3,4,1)",
    "np.tril(b)",
    "np.triu(b,1)",
    "np.diag(a)",
    "np.diag(a,-1)",
    "np.diag(b,1)",
    "np.diagflat(b)",
    "np.vander(a)",
    "np.vander(i,2,True)",
    "np.meshgrid(a,i)",
    "np.meshgrid(a,i,indexing='ij',sparse=True)",
    "np.indices((2,3))",
    "np.logspace(0,2,5)",
    "np.geomspace(1,1000,4)",
    "np.ascontiguousarray(b.T)",
    "np.asfortranarray(b)",
    "np.mgrid[0:3,1:3]",
    "np.ogrid[0:3,1:3]",
    "np.mgrid[0:1:5j]",
    "np.tril_indices_from(b)",
]
SHAPES = [
    "np.reshape(b,(4,3))",
    "np.reshape(b,-1)",
    "np.ravel(b,order='F')",
    "np.transpose(c,(2,0,1))",
    "np.swapaxes(c,0,2)",
    "np.moveaxis(c,0,-1)",
    "np.moveaxis(c,(0,1),(-1,-2))",
    "np.rollaxis(c,2)",
    "np.squeeze(c[:,:1],axis=1)",
    "np.expand_dims(a,0)",
    "np.expand_dims(b,(0,-1))",
    "np.atleast_2d(a)",
    "np.atleast_3d(b)",
    "np.flip(b)",
    "np.flip(b,0)",
    "np.fliplr(b)",
    "np.flipud(b)",
    "np.rot90(b)",
    "np.rot90(b,2)",
    "np.rot90(b,-1)",
    "np.broadcast_to(a,(3,4))",
    "np.broadcast_arrays(a,b)",
    "b.ravel(order='F')",
    "b.flatten(order='F')",
    "np.ravel(b.T,order='F')",
    "np.reshape(b,(i[1]-1,6))",
]
JOINING = [
    "np.concatenate((a,a))",
    "np.concatenate((b,b),axis=1)",
    "np.concatenate((b,b),axis=None)",
    "np.concatenate((a,i))",
    "np.stack((a,a))",
    "np.stack((b,b),axis=-1)",
    "np.hstack((a,a))",
    "np.hstack((b,b))",
    "np.vstack((a,a))",
    "np.vstack((b,b))",
    "np.dstack((a,a))",
    "np.dstack((b,b))",
    "np.column_stack((a,a))",
    "np.append(a,i)",
    "np.append(b,b,axis=0)",
    "np.split(b,3)",
    "np.split(b,(1,2),axis=1)",
    "np.array_split(a,3)",
    "np.hsplit(b,2)",
    "np.vsplit(b,3)",
    "np.tile(a,2)",
    "np.tile(b,(2,1,2))",
    "np.repeat(a,2)",
    "np.repeat(b,2,axis=1)",
    "np.repeat(b,i[:3],axis=0)",
    "np.roll(a,2)",
    "np.roll(b,1,axis=1)",
    "np.roll(b,1)",
    "np.roll(b,(1,2),axis=(0,1))",
    "np.resize(a,(3,5))",
    "np.delete(a,1)",
    "np.delete(b,i[:2],axis=1)",
    "np.delete(b,slice(0,2),axis=0)",
    "np.insert(a,1,9.0)",
    "np.insert(b,1,5.0,axis=1)",
    "np.insert(a,-1,i)",
]
CHOOSING = [
    "np.where(b>5)",
    "np.where(b>5,b,0)",
    "np.nonzero(b)",
    "np.argwhere(b>3)",
    "np.flatnonzero(b)",
    "np.take(a,i)",
    "np.take(b,i,axis=1)",
    "np.take(b,2)",
    "np.take(a,i+9,mode='wrap')",
    "np.compress(a>1,a)",
    "np.compress((True,False,True),b,axis=0)",
    "np.extract(b>4,b)",
    "np.choose(i,(a,a*2,a*3,a*4))",
    "np.select((a>2,a>1),(a,a*10))",
    "np.take_along_axis(b,np.argsort(-b,axis=1),1)",
    "np.diagonal(b)",
    "np.diagonal(c,1,0,2)",
    "np.diag_indices(3)",
    "np.tril_indices(3)",
    "np.triu_indices(3,1)",
    "np.unravel_index(7,(3,4))",
    "np.unravel_index(i,(3,4))",
    "np.ravel_multi_index((i,i),(5,6))",
    "np.ix_(i,i)",
]
INDEXING = [
    "a[i]",
    "b[i[:3]]",
    "b[i[:3],i[:3]]",
    "b[:,i]",
    "b[b>5]",
    "b[a[:3]>1]",
    "c[i[:2],:,i[:2]]",
    "c[:,i[:2],i[:2]]",
    "c[i[:2],1]",
    "c[1,:,i[:2]]",
    "c[...,i[:2]]",
    "b[i[:3][:,None],i]",
    "b[:,a>1]",
    "b[1:,i]",
    "a[np.array([[0,1],[2,3]])]",
    "b[np.array([0,-1])]",
    "b[[0,2]]",
    "b[None,i[:3]]",
    "b[i[:3],None]",
]


def functions(expressions, directory, statements=False):
    """A function per expression, in a file: njit reads the text of what it compiles."""
    body = "    {}\n    return a, b, c" if statements else "    return {}"
    lines = [f"def f{number}(a, b, c, i):\n{body.format(text)}\n" for number, text in enumerate(expressions)]
    path = directory / "expressions.py"
    path.write_text("import numpy as np\n\n\n" + "\n\n".join(lines))
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return [(text, names[f"f{number}"]) for number, text in enumerate(expressions)]


def arguments(dtype, layout):
    """The arrays; `strided` ones have gaps and run backwards."""
    a, b, c = np.arange(4) + 0.5, np.arange(12).reshape(3, 4), np.arange(24).reshape(2, 3, 4)
    arrays = [np.asarray(x).astype(dtype) for x in (a, b, c)]
    if layout == "F":
        arrays = [np.asfortranarray(x) for x in arrays]
    if layout == "strided":
        arrays = [np.repeat(x[..., ::-1], 2, axis=-1)[..., ::-2] for x in arrays]
    return [*arrays, np.array([1, 0, 1, 0])]


def assert_same(mine, numpys, text):
    if isinstance(numpys, (tuple, list)):
        assert len(mine) == len(numpys), text
        for one, other in zip(mine, numpys, strict=True):
            assert_same(one, other, text)
        return
    np.testing.assert_array_equal(mine, numpys, err_msg=text)
    if isinstance(numpys, np.ndarray):
        assert mine.dtype == numpys.dtype, text


@pytest.mark.parametrize(("dtype", "layout"), [("float64", "C"), ("int32", "strided"), ("complex128", "F")])
@pytest.mark.parametrize(
    "expressions",
    [CREATION, SHAPES, JOINING, CHOOSING, INDEXING],
    ids=["creation", "shapes", "joining", "choosing", "indexing"],
)
def test_as_numpy(expressions, dtype, layout, tmp_path):
    for text, function in functions(expressions, tmp_path):
        if dtype == "complex128" and any(word in text for word in (">", "argsort")):
            continue
        numpys = function(*arguments(dtype, layout))
        assert_same(njit(function)(*arguments(dtype, layout)), numpys, text)


WRITES = [
    "a[i] = 7", "a[i] += 1", "a[a > 1] = 0", "b[b > 5] = 3", "b[b > 5] *= 2", "b[i[:2]] = a", "b[:, i] = 9", "b[i[:2], i[:2]] = a[:2]",
    "c[..., i] = 1", "c[i[:1], :, i[:2]] = b[:2, :3]", "b[a[:3] > 1] = a", "np.put(a, i, (5, 6))", "np.place(b, b > 4, (1, 2))",
    "np.putmask(b, b > 4, b * 2)", "np.copyto(b, a)", "np.fill_diagonal(b, 9)", "np.put_along_axis(b, i[:3][:, None], 8, 1)",
    "np.swapaxes(b, 0, 1)[1] = 4", "np.flip(a)[0] = 9", "np.expand_dims(a, 0)[0, 1] = 8", "np.split(a, 2)[1][0] = 6", "np.rot90(b)[0] = 1",
    "np.moveaxis(c, 0, -1)[1, 1, 1] = 5",
]  # fmt: skip


@pytest.mark.parametrize(("dtype", "layout"), [("float64", "C"), ("int32", "strided"), ("float32", "F")])
def test_writes_as_numpy(dtype, layout, tmp_path):
    """Also: views are views, and are written through."""
    for text, function in functions(WRITES, tmp_path, statements=True):
        numpys = function(*arguments(dtype, layout))
        assert_same(njit(function)(*arguments(dtype, layout)), numpys, text)


ERRORS = [
    "a[i + 9]", "a[b[0] > 100, 0]", "b[b[:2] > 1]", "b[i, i[:3]]", "np.take(a, i + 9)", "np.concatenate((b, b[:, :2]))", "np.concatenate((a, b))",
    "np.stack((a, a[:2]))", "np.split(a, 3)", "np.squeeze(b, 0)", "np.delete(a, 9)", "np.insert(a, 9, 1)", "np.unravel_index(99, (2, 3))",
    "np.reshape(a, (3, 3))", "np.geomspace(0, 1)", "np.choose(i + 5, (a, a))", "np.swapaxes(b, 0, 5)", "np.diag(c)", "b[:, a[:3] > 1]",
    "np.reshape(a, (i[1] - 2, i[1] - 2))",
]  # fmt: skip


def test_errors_as_numpys(tmp_path):
    for text, function in functions(ERRORS, tmp_path):
        raised = []
        for run in (function, njit(function)):
            with pytest.raises((IndexError, ValueError)) as error:
                run(*arguments("float64", "C"))
            raised.append(error.type)
        assert issubclass(raised[1], raised[0]) or issubclass(raised[0], raised[1]), (text, raised)


def test_nothing_in_them(tmp_path):
    """Arrays without items."""
    texts = [
        "np.concatenate((a[:0], a))", "np.concatenate((b[:0], b))", "a[i[:0]]", "b[b > 100]", "np.nonzero(b > 100)", "np.repeat(a, 0)", "np.roll(a[:0], 1)",
        "np.flip(b[:0])", "np.tile(a, 0)", "np.where(a[:0] > 0, a[:0], 1.0)", "np.eye(0)", "np.diag(a[:0])", "np.take(a, i[:0])", "np.argwhere(b > 100)",
    ]  # fmt: skip
    for text, function in functions(texts, tmp_path):
        assert_same(njit(function)(*arguments("float64", "C")), function(*arguments("float64", "C")), text)


def test_what_is_written_says_where():
    """The places, the mask or the values lie in what is written to."""

    def places(a):
        a[a] = a * 2
        np.put(a, a % 3, a)
        return a

    def masked(a):
        np.putmask(a, a > 1, a[::-1])
        np.place(a, a > 2, a[:2])
        return a

    for function in (places, masked):
        np.testing.assert_array_equal(njit(function)(np.array([1, 2, 0])), function(np.array([1, 2, 0])))


@pytest.mark.parametrize(
    "write",
    [
        lambda a, i: np.put(a, i, 5.0),
        lambda a, i: np.put_along_axis(a, i, 5.0, 0),
        lambda a, i: np.take(a, i, out=a[:2]),
        lambda a, i: np.place(a, a >= 0, a[:0]),
        lambda a, i: np.copyto(a, a[:0]),
    ],
    ids=["put", "put_along_axis", "take", "place", "copyto"],
)
def test_nothing_is_written_where_it_raises(write):
    a = np.arange(3.0)
    with pytest.raises((IndexError, ValueError)):
        njit(write)(a, np.array([0, 99]))
    np.testing.assert_array_equal(a, np.arange(3.0))
