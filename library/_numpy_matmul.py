"""NumPy's products of matrices: matmul, dot, matvec, vecmat, vecdot.

Small products are loops that are compiled into their caller. Larger ones of floats and complex numbers are computed by the runtime, on the
core that calls or, where the program is parallel, on all threads, in blocks that fit its caches. Programs for a device have it compute all.
"""

import numpy as np
from _cuda_products import device_products, device_products_of_vector
from _numpy_products import tensordot
from _numpy_reductions import given
from numir.intrinsics import call_runtime, constant, device, is_parallel, kind, result_type

# So many products of numbers are not worth a call.
SMALL = 2000


def matmul(
    x1, x2, /, out=None, *, axes: constant = None, axis: constant = None, keepdims: constant = False, dtype=None
):
    _refuse_axis("matmul", "(n?,k),(k,m?)->(n?,m?)", axis, keepdims)
    a, b = np.asarray(x1, dtype), np.asarray(x2, dtype)
    if axes is not None:
        return given(_core_back(matmul(_core_last(a, axes[0]), _core_last(b, axes[1])), axes[2]), out)
    if a.ndim == 0:
        raise ValueError(_too_few(0))
    if b.ndim == 0:
        raise ValueError(_too_few(1))
    if a.ndim == 1 and b.ndim == 1:
        return given(_dot(a, b), out)
    if a.ndim == 1:
        _match(len(a), b.shape[-2])
        if device():
            return given(_of_vector(np.swapaxes(b, -1, -2), a), out)
        return given(_stacked(a[None, :], b)[..., 0, :], out)
    if b.ndim == 1:
        _match(a.shape[-1], len(b))
        if device():
            return given(_of_vector(a, b), out)
        return given(_stacked(a, b[:, None])[..., 0], out)
    _match(a.shape[-1], b.shape[-2])
    return given(_stacked(a, b), out)


def _too_few(operand: int):
    return (
        f"matmul: Input operand {operand} does not have enough dimensions "
        "(has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
    )


def _match(left: int, right: int):
    if left != right:
        raise ValueError(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(n?,k),(k,m?)->(n?,m?) (size {right} is different from {left})"
        )


def _stacked(a, b):
    """The products of two stacks of matrices that fit."""
    rows, depth = a.shape[-2:]
    columns = b.shape[-1]
    wanted = result_type(a, b)
    if wanted == np.float16 and not device():
        # Sums are float32's, as NumPy's are.
        return _stacked(a.astype(np.float32), b.astype(np.float32)).astype(np.float16)
    left = a if a.dtype == wanted else a.astype(wanted)
    right = b if b.dtype == wanted else b.astype(wanted)
    if a.ndim == 2 and b.ndim == 2:
        result = np.empty((rows, columns), wanted)
        product_into(result, left, right)
        return result
    stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    count = _size(stack)
    lefts = np.broadcast_to(left, stack + (rows, depth)).reshape((count, rows, depth))
    rights = np.broadcast_to(right, stack + (depth, columns)).reshape((count, depth, columns))
    results = np.empty((len(lefts), rows, columns), wanted)
    if device():
        device_products(results, lefts, rights)
    else:
        for i in range(len(lefts)):
            product_into(results[i], lefts[i], rights[i])
    return results.reshape(stack + (rows, columns))


def _size(shape):
    size = 1
    for extent in shape:
        size *= extent
    return size


def _of_vector(a, x):
    """The products of a stack of matrices and a vector, by a device."""
    rows, depth = a.shape[-2:]
    wanted = result_type(a, x)
    results = np.empty(a.shape[:-1], wanted)
    count = _size(a.shape[:-2])
    matrices = a.astype(wanted, copy=False).reshape((count, rows, depth))
    device_products_of_vector(results.reshape((count, rows)), matrices, x.astype(wanted, copy=False))
    return results


def product_into(result, a, b):
    """The product of two matrices of one dtype, into another in C order."""
    rows, depth = a.shape
    columns = b.shape[1]
    if device():
        device_products(result[None], a[None], b[None])
    elif rows * depth * columns <= SMALL:
        _small_product(result, a, b)
    elif result.dtype == np.float64:
        _served("product_f64", result, a, b)
    elif result.dtype == np.float32:
        _served("product_f32", result, a, b)
    elif result.dtype == np.complex128:
        _served("product_c128", result, a, b)
    elif result.dtype == np.complex64:
        _served("product_c64", result, a, b)
    else:
        _small_product(result, a, b)


def _served(routine: constant, result, a, b):
    size = result.itemsize
    rows, depth = a.shape
    left, right = a.strides, b.strides
    ended = call_runtime(
        routine,
        result,
        rows,
        depth,
        b.shape[1],
        a,
        left[0] // size,
        left[1] // size,
        b,
        right[0] // size,
        right[1] // size,
        is_parallel(),
    )
    if ended != 0:
        raise KeyboardInterrupt


def _small_product(result, a, b):
    rows, depth = a.shape
    columns = b.shape[1]
    result[...] = 0
    # Rows of the result grow by rows of b: both are walked in the order of memory.
    for i in range(rows):
        for k in range(depth):
            for j in range(columns):
                result[i, j] += a[i, k] * b[k, j]


def _dot(x, y):
    _match(len(x), len(y))
    wanted = result_type(x, y)
    if kind(wanted(0)) == "bool":
        return np.any(x & y)
    if wanted == np.float16:
        return np.float16(_dot(x.astype(np.float32), y.astype(np.float32)))
    return np.sum(x * y, dtype=wanted)


def dot(a, b, out=None):
    if kind(a) == "tuple" or kind(b) == "tuple":
        return dot(np.asarray(a), np.asarray(b), out)
    if kind(a) != "array" or kind(b) != "array":
        return given(_strong(a) * _strong(b), out)
    if a.ndim == 0 or b.ndim == 0:
        return given(a * b, out)
    if a.ndim > 2 or b.ndim > 2:
        return given(tensordot(a, b, (a.ndim - 1, 0 if b.ndim == 1 else b.ndim - 2)), out)
    _align(a, b)
    return matmul(a, b, out)


def _strong(number):
    """Python's number as a NumPy scalar."""
    if isinstance(number, int):
        return np.int64(number)
    return np.float64(number) if isinstance(number, float) else number


def _align(a, b):
    m, k = a.shape[0], a.shape[-1]
    depth, n = b.shape[0], b.shape[-1]
    if k == depth:
        return
    if a.ndim == 1 and b.ndim == 1:
        raise ValueError(f"shapes ({k},) and ({n},) not aligned: {k} (dim 0) != {depth} (dim 0)")
    if a.ndim == 1:
        raise ValueError(f"shapes ({k},) and ({depth},{n}) not aligned: {k} (dim 0) != {depth} (dim 0)")
    if b.ndim == 1:
        raise ValueError(f"shapes ({m},{k}) and ({depth},) not aligned: {k} (dim 1) != {depth} (dim 0)")
    raise ValueError(f"shapes ({m},{k}) and ({depth},{n}) not aligned: {k} (dim 1) != {depth} (dim 0)")


def vecdot(
    x1, x2, /, out=None, *, axes: constant = None, axis: constant = None, keepdims: constant = False, dtype=None
):
    if axes is not None and axis is not None:
        raise TypeError("cannot specify both 'axis' and 'axes'")
    if axes is None:
        along = -1 if axis is None else axis
        x, y = np.moveaxis(np.asarray(x1, dtype), along, -1), np.moveaxis(np.asarray(x2, dtype), along, -1)
        return given(_vecdot(x, y, -1 if axis is None else axis, keepdims), out)
    x, y = _core_last(np.asarray(x1, dtype), axes[0]), _core_last(np.asarray(x2, dtype), axes[1])
    return given(_vecdot(x, y, axes[2][0] if keepdims else -1, keepdims), out)


def _vecdot(x, y, along: constant, keepdims: constant):
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(
            "vecdot: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(n),(n)->() (size {y.shape[-1]} is different from {x.shape[-1]})"
        )
    if result_type(x, y) == np.float16:
        return np.asarray(_vecdot(x.astype(np.float32), y.astype(np.float32), along, keepdims)).astype(np.float16)
    result = np.sum(np.conjugate(x) * y, axis=-1, dtype=result_type(x, y))
    return np.expand_dims(result, along) if keepdims else result


def _core_last(a, places: constant):
    """An array with the axes that a product works on moved to the end."""
    if kind(places) == "int":
        return np.moveaxis(a, places, -1)
    return np.moveaxis(a, places, (-2, -1)) if len(places) == 2 else np.moveaxis(a, places[0], -1)


def _core_back(a, places: constant):
    """A result whose last axes move to where they are wanted."""
    if kind(places) == "int":
        return np.moveaxis(a, -1, places)
    if len(places) == 2:
        return np.moveaxis(a, (-2, -1), places)
    return np.moveaxis(a, -1, places[0]) if len(places) == 1 else a


def _refuse_axis(name, signature, axis: constant, keepdims: constant):
    if axis is not None:
        raise TypeError(
            f"{name}: axis can only be used with a single shared core dimension, not with the distinct ones implied by "
            f"signature {signature}."
        )
    if keepdims:
        raise TypeError(
            f"{name} does not support keepdims: its signature {signature} has core dimensions in its output"
        )


def matvec(
    x1, x2, /, out=None, *, axes: constant = None, axis: constant = None, keepdims: constant = False, dtype=None
):
    _refuse_axis("matvec", "(m,n),(n)->(m)", axis, keepdims)
    a, x = np.asarray(x1, dtype), np.asarray(x2, dtype)
    if axes is None:
        return given(matmul(a, np.expand_dims(x, -1))[..., 0], out)
    product = matmul(_core_last(a, axes[0]), np.expand_dims(_core_last(x, axes[1]), -1))[..., 0]
    return given(_core_back(product, axes[2]), out)


def vecmat(
    x1, x2, /, out=None, *, axes: constant = None, axis: constant = None, keepdims: constant = False, dtype=None
):
    _refuse_axis("vecmat", "(n),(n,m)->(m)", axis, keepdims)
    x, a = np.conjugate(np.asarray(x1, dtype)), np.asarray(x2, dtype)
    if axes is None:
        return given(matmul(np.expand_dims(x, -2), a)[..., 0, :], out)
    product = matmul(np.expand_dims(_core_last(x, axes[0]), -2), _core_last(a, axes[1]))[..., 0, :]
    return given(_core_back(product, axes[2]), out)
