"""NumPy's functions of items that are no primitives: clip, rounding, comparisons within tolerances, and the like."""

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import classify, constant, kind, lanes, libm, one_axis, result_type, select, unlaned
from numir.intrinsics import isnat as is_nat


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    low = _limit(a_min if min is None else min, a)
    high = _limit(a_max if max is None else max, a)
    if low is None:
        return given(+a if high is None else np.minimum(a, high), out)
    if high is None:
        return given(np.maximum(a, low), out)
    return given(np.minimum(np.maximum(a, low), high), out)


def _limit(limit, a):
    """A Python int beyond the range of the items' type limits as the end of the range does."""
    if kind(a) == "array" and isinstance(limit, int):
        if a.dtype.kind == "i" or a.dtype.kind == "u":
            least, most = int(np.iinfo(a.dtype).min), np.iinfo(a.dtype).max
            if limit < least:
                return least
            if limit > 0 and np.uint64(limit) > np.uint64(most):
                return int(most)
    return limit


def around(a, decimals=0, out=None):
    array = np.asarray(a)
    name = kind(array.dtype(0))
    result = np.empty(array.shape, np.float16 if name == "bool" else array.dtype)
    if name == "bool" and decimals != 0:
        raise TypeError("Cannot cast ufunc 'multiply' output from dtype('float64') to dtype('bool')")
    power = 1.0
    for _ in range(abs(decimals)):
        power *= 10.0
    flat, items = result.reshape(-1), array.reshape(-1)
    for i in range(len(items)):
        flat[i] = _rounded(items[i], decimals, power)
    if kind(a) == "array" and array.ndim > 0:
        return given(result, out)
    return given(result[()], out)


def _rounded(x, decimals, power):
    name = kind(x)
    if name == "complex":
        return x.dtype(complex(_rounded(x.real, decimals, power), _rounded(x.imag, decimals, power)))
    if name == "bool":
        return np.float16(x)
    if name == "int":
        return x if decimals >= 0 else x.dtype(int(libm("rint", float(x) / power) * power))
    if decimals == 0:
        return x.dtype(libm("rint", x))
    scale = x.dtype(power)
    return x.dtype(libm("rint", x * scale) / scale if decimals > 0 else libm("rint", x / scale) * scale)


def fix(x, /, out=None):
    name = kind(x.dtype(0)) if kind(x) == "array" else kind(x)
    return given(+x if name == "int" else np.trunc(x), out)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    if kind(x) != "array":
        return _number(x, nan, posinf, neginf)
    result = x.copy()
    flat, items = result.reshape(-1), x.reshape(-1)
    for i in range(len(items)):
        flat[i] = _number(items[i], nan, posinf, neginf)
    if not copy:
        x[...] = result
    return result


def _number(x, nan, posinf, neginf):
    if kind(x) == "complex":
        return x.dtype(complex(_number(x.real, nan, posinf, neginf), _number(x.imag, nan, posinf, neginf)))
    if kind(x) != "float":
        return x
    dtype = result_type(x)
    if classify("isnan", x):
        return dtype(nan)
    if classify("isinf", x):
        if x > 0:
            return _greatest(dtype) if posinf is None else dtype(posinf)
        return -_greatest(dtype) if neginf is None else dtype(neginf)
    return dtype(x)


def _greatest(dtype):
    if dtype == np.float16:
        return dtype(65504.0)
    return dtype(3.4028234663852886e38) if dtype == np.float32 else dtype(1.7976931348623157e308)


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan: bool = False):
    wanted = b * 1.0
    near = (abs(a - wanted) <= atol + rtol * abs(wanted)) & _finite(wanted) | (a == b)
    return near | ((a != a) & (b != b) & equal_nan)


def _finite(x):
    return (
        np.isfinite(x)
        if kind(x.dtype(0) if kind(x) == "array" else x) != "complex"
        else _finite(x.real) & _finite(x.imag)
    )


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan: bool = False):
    return bool(np.all(np.asarray(isclose(np.asarray(a), np.asarray(b), rtol, atol, equal_nan))))


def array_equal(a1, a2, equal_nan: bool = False):
    x, y = np.asarray(a1), np.asarray(a2)
    if x.ndim != y.ndim:
        return False
    if x.shape != y.shape:
        return False
    return _all_equal(x, y, equal_nan)


def _all_equal(x, y, equal_nan):
    same = x == y
    if equal_nan:
        same = same | ((x != x) & (y != y))
    return bool(np.all(np.asarray(same)))


def array_equiv(a1, a2):
    x, y = np.asarray(a1), np.asarray(a2)
    for back in range(1, min(x.ndim, y.ndim) + 1):
        m, n = x.shape[x.ndim - back], y.shape[y.ndim - back]
        if m != n and m != 1 and n != 1:
            return False
    return _all_equal(x, y, False)


def conj(a):
    """The method: real numbers are their own."""
    return np.conjugate(a) if kind(a.dtype(0)) == "complex" else a


def conjugate(a):
    return conj(a)


def swapped_bytes(a):
    """Items with their bytes in the opposite order."""
    result = np.copy(a, "C")
    bytes = result.reshape(-1).view(np.uint8)
    width = a.itemsize // 2 if kind(a.dtype(0)) == "complex" else a.itemsize
    for start in range(0, len(bytes), width):
        for i in range(width // 2):
            first = bytes[start + i]
            bytes[start + i] = bytes[start + width - 1 - i]
            bytes[start + width - 1 - i] = first
    return result


def isfortran(a):
    return a.flags.fnc


def sinc(x):
    y = np.pi * select(x == 0, 1.0e-20, x)
    return np.sin(y) / y


def angle(z, deg: bool = False):
    result = np.arctan2(z.imag, z.real)
    return result * (180 / np.pi) if deg else result * 1


def unwrap(p, discont=None, axis: constant = -1, *, period=6.283185307179586):
    array = np.asarray(p)
    along = one_axis(axis, array.ndim)
    rows = lanes(array, along).astype(
        result_type(array, np.float64) if kind(array.dtype(0)) != "float" else array.dtype
    )
    result = rows.copy()
    whole = rows.dtype(period)
    half = rows.dtype(period / 2)
    limit = half if discont is None else rows.dtype(discont)
    for i in range(rows.shape[0]):
        correction = rows.dtype(0)
        for j in range(1, rows.shape[1]):
            distance = rows[i, j] - rows[i, j - 1]
            change = (distance + half) % whole - half
            if change == -half and distance > 0:
                change = half
            if abs(distance) >= limit:
                correction += change - distance
            result[i, j] = rows[i, j] + correction
    return unlaned(result, array, along)


def real_if_close(a, tol=100):
    array = np.asarray(a)
    if kind(array.dtype(0)) == "complex":
        raise NotImplementedError("real_if_close: the type of its result depends on the numbers. Take `a.real`")
    return array


def isnat(x, /, out=None, *, where=None, dtype=None, casting: constant = "same_kind", order: constant = "K"):
    result = is_nat(x)
    if where is None:
        return given(result, out)
    if out is None:
        return np.logical_and(result, where)
    out[...] = np.where(where, result, out)
    return out
