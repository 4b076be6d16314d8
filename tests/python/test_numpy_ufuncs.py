"""NumPy's ufuncs, on whole arrays of every dtype and layout, with their keywords and methods; as NumPy."""

import numpy as np
import pytest
from numir import njit
from numir.errors import UnsupportedError

UFUNCS = sorted(name for name in dir(np) if isinstance(getattr(np, name), np.ufunc))
# Of whole rows, not of items; of dates.
OTHERS = {"matmul", "vecdot", "matvec", "vecmat", "isnat"}
DTYPES = [
    "bool",
    "int8",
    "uint8",
    "int32",
    "int64",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
]
# The neighbours of halves; 1 / 0 of integers, which is undefined.
LEFT_OUT = {
    *((name, dtype) for name in ("nextafter", "spacing") for dtype in ("bool", "int8", "uint8", "float16")),
    *(("reciprocal", dtype) for dtype in ("bool", "int8", "uint8", "int32", "int64", "uint64")),
}


def source(ufuncs, directory):
    """A module with a function per ufunc: njit reads the text of what it compiles."""
    lines = ["import numpy as np", ""]
    for name in ufuncs:
        inputs = ", ".join("xyzw"[: getattr(np, name).nin])
        lines.append(f"def {name}({inputs}):\n    return np.{name}({inputs})\n")
    path = directory / "ufuncs.py"
    path.write_text("\n".join(lines))
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names


@pytest.fixture(scope="module")
def functions(tmp_path_factory):
    return source(UFUNCS, tmp_path_factory.mktemp("ufuncs"))


def values(dtype):
    """Numbers that matter."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.array([True, False, True, True, False, False])
    if dtype.kind in "iu":
        return np.array([1, 2, 3, 7, 0, 100, 5, 1 if dtype.kind == "u" else -4], dtype)
    real = np.array([0.5, 1.0, 0.0, -0.0, -0.25, 2.5, -3.75, np.inf, -np.inf, np.nan, 1e-3, 30.0], dtype)
    if dtype.kind == "f":
        return real
    return np.array([0.5 + 1j, 1 - 2j, -1.5j, 2.0 + 0j, -0.25 + 0.75j, 3 + 3j], dtype)


def outcome(function, *arguments):
    with np.errstate(all="ignore"):
        try:
            result = function(*arguments)
        except TypeError as error:
            return type(error)
    return result if isinstance(result, tuple) else (result,)


def close(dtype):
    return {"float16": 4e-3, "float32": 1e-5, "complex64": 1e-4}.get(str(dtype), 1e-10)


@pytest.mark.parametrize("name", [name for name in UFUNCS if name not in OTHERS])
def test_of_arrays(name, functions):
    function = functions[name]
    compiled = njit(function)
    count = getattr(np, name).nin
    for dtype in DTYPES:
        if (name, dtype) in LEFT_OUT:
            continue
        first = values(dtype)
        second = first[::-1].copy()
        if "shift" in name or name in ("power", "pow"):
            # Of negative numbers these are undefined, or raise.
            second = np.abs(second)
        arguments = [first, second][:count]
        if name == "ldexp" and np.dtype(dtype).kind == "f":
            arguments[1] = np.arange(len(first)) - 5
        expected = outcome(function, *arguments)
        got = outcome(compiled, *arguments)
        if isinstance(expected, type) or any(np.asarray(part).dtype == object for part in expected):
            assert isinstance(got, type) and issubclass(got, TypeError), (dtype, got)
            continue
        for mine, numpys in zip(got, expected, strict=True):
            assert mine.dtype == numpys.dtype, dtype
            np.testing.assert_allclose(mine, numpys, rtol=close(mine.dtype), atol=close(mine.dtype), err_msg=dtype)


@njit
def sums(a, b):
    return np.add(a, b), np.hypot(a, b), np.less(a, b), np.gcd(a.astype(np.int64), 6)


def test_layouts():
    for a in [
        np.arange(12.0).reshape(3, 4),
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(48.0).reshape(6, 8)[::2, ::-2],
    ]:
        for b in [a, a[:1], a[:, :1], a[0], np.array(2.0), a.T.copy().T]:
            for mine, numpys in zip(sums(a, b), sums.py_func(a, b), strict=True):
                np.testing.assert_array_equal(mine, numpys)
                assert mine.dtype == numpys.dtype


@njit
def into(a, b, out, mask):
    first = np.add(a, b, out)
    np.multiply(a, b, out=out, where=mask)
    np.sqrt(a, out=(out,), where=mask)
    np.less(a, b, out=mask)
    np.negative(a, where=a < 2, out=a)
    return first


def test_out_and_where():
    def arguments():
        a = np.arange(6.0).reshape(2, 3)
        return a, a[::-1] + 1, np.full((2, 3), -1.0), np.array([[True, False, True], [False, True, True]])

    mine, numpys = arguments(), arguments()
    result = into(*mine)
    into.py_func(*numpys)
    assert result.base is mine[2] or result is mine[2] or np.shares_memory(result, mine[2])
    for one, other in zip(mine, numpys, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("dtype", ["float32", "complex128", "int16"])
def test_dtype(dtype):
    wanted = np.dtype(dtype).type

    def f(a, b):
        return np.multiply(a, b, dtype=wanted), np.subtract(a, 1, dtype=wanted)

    a = np.arange(5, dtype=np.int8)
    for mine, numpys in zip(njit(f)(a, a), f(a, a), strict=True):
        np.testing.assert_array_equal(mine, numpys)
        assert mine.dtype == numpys.dtype


def test_casting_is_checked():
    def f(a, out):
        return np.sqrt(a, out=out)

    def unsafe(a, out):
        return np.sqrt(a, out=out, casting="unsafe")

    a = np.array([1.0, 4.5])
    for function in (f, njit(f)):
        with pytest.raises(
            TypeError, match="Cannot cast ufunc 'sqrt' output from dtype\\('float64'\\) to dtype\\('int64'\\)"
        ):
            function(a, np.zeros(2, np.int64))
        with pytest.raises(ValueError, match="non-broadcastable output operand"):
            function(np.ones((2, 2)), np.zeros(2))
    np.testing.assert_array_equal(njit(unsafe)(a, np.zeros(2, np.int64)), unsafe(a, np.zeros(2, np.int64)))
    frozen = np.zeros(2)
    frozen.flags.writeable = False
    with pytest.raises((TypeError, ValueError), match="read-?only"):
        njit(f)(a, frozen)


def test_scalars_do_not_raise():
    @njit
    def f(x, n):
        return np.divide(x, 0.0), np.sqrt(-x), np.log(0 * x), np.floor_divide(n, 2), np.sin(x + 1j), np.power(x, -2.0)

    with np.errstate(all="ignore"):
        expected = f.py_func(np.float64(2.0), np.int64(7))
    np.testing.assert_allclose(np.array(f(2.0, 7)), np.array(expected))


@njit
def methods(a, i):
    return (
        np.add.reduce(a),
        np.add.reduce(a, axis=None),
        np.maximum.reduce(a, axis=1),
        np.multiply.reduce(a, axis=-1, keepdims=True),
        np.subtract.reduce(a, axis=1),
        np.add.accumulate(a),
        np.multiply.accumulate(a, axis=1),
        np.minimum.accumulate(a, -1),
        np.add.outer(a[0], a[:, 0]),
        np.less.outer(a, a[1]),
        np.add.reduceat(a, i),
        np.maximum.reduceat(a, i, axis=1),
    )


@pytest.mark.parametrize("dtype", ["int8", "int64", "float32", "float64", "complex128"])
def test_methods(dtype):
    a = (np.arange(12).reshape(3, 4) % 5 + 1).astype(dtype)
    indices = np.array([0, 2, 1])
    if dtype == "complex128":
        a = a.real
    for number, (mine, numpys) in enumerate(zip(methods(a, indices), methods.py_func(a, indices), strict=True)):
        np.testing.assert_allclose(mine, numpys, err_msg=str(number))
        # Numbers become Python's on the way out.
        assert not isinstance(numpys, np.ndarray) or mine.dtype == numpys.dtype, number


def test_at():
    def f(a, i, v):
        np.add.at(a, i, v)
        np.negative.at(a, i)
        np.multiply.at(a, i, 2.0)
        np.maximum.at(a, 1, 100.0)
        return a

    a, i = np.arange(5.0), np.array([0, 0, 3, -1])
    np.testing.assert_array_equal(njit(f)(a.copy(), i, np.arange(4.0)), f(a.copy(), i, np.arange(4.0)))
    with pytest.raises(IndexError):
        njit(f)(a.copy(), i + 9, np.arange(4.0))
    with pytest.raises(IndexError, match="out-of-bounds in add.reduceat"):
        njit(lambda a, i: np.add.reduceat(a, i))(a, np.array([7]))


def test_keywords_that_are_refused():
    with pytest.raises(UnsupportedError, match="of a ufunc"):
        njit(lambda a: np.add(a, a, casting="no"))(np.ones(2))
    with pytest.raises(ValueError, match="order must be one of"):
        njit(lambda a: np.add(a, a, order="foo"))(np.ones(2))


def test_the_order_that_is_asked_for():
    def ordered(a, f):
        return (
            np.add(a, a, order="F"),
            np.add(f, f, order="C"),
            np.add(f, f, order="K"),
            np.add(f, f, order="A"),
            np.modf(a, order="F")[1],
        )

    a, f = np.ones((2, 3)), np.ones((2, 3), order="F")
    for mine, numpys in zip(njit(ordered)(a, f), ordered(a, f), strict=True):
        assert mine.flags.f_contiguous == numpys.flags.f_contiguous


def test_sums_of_bools_that_stay_bools():
    def f(a):
        return np.sum(a, dtype=np.bool_), np.prod(a, dtype=np.bool_)

    for values in ([True, False], [True, True], [False], []):
        a = np.array(values, bool)
        assert njit(f)(a) == f(a)
