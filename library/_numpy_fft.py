"""numpy.fft: discrete Fourier transforms along axes, of complex and of real numbers."""

import math

import numpy as np
from _numpy_reductions import given
from numir.intrinsics import axes as all_axes
from numir.intrinsics import call_runtime, constant, kind, lanes, one_axis, unlaned


def fft(a, n=None, axis: constant = -1, norm=None, out=None):
    return given(_along(np.asarray(a), n, axis, True, norm), out)


def ifft(a, n=None, axis: constant = -1, norm=None, out=None):
    return given(_along(np.asarray(a), n, axis, False, norm), out)


def rfft(a, n=None, axis: constant = -1, norm=None, out=None):
    return given(_from_real(np.asarray(a), n, axis, norm, True), out)


def irfft(a, n=None, axis: constant = -1, norm=None, out=None):
    return given(_to_real(np.asarray(a), n, axis, norm, False), out)


def hfft(a, n=None, axis: constant = -1, norm=None, out=None):
    return given(_to_real(np.conjugate(np.asarray(a)), n, axis, norm, True), out)


def ihfft(a, n=None, axis: constant = -1, norm=None, out=None):
    return given(np.conjugate(_from_real(np.asarray(a), n, axis, norm, False)), out)


def fft2(a, s=None, axes: constant = (-2, -1), norm=None, out=None):
    return fftn(a, s, axes, norm, out)


def ifft2(a, s=None, axes: constant = (-2, -1), norm=None, out=None):
    return ifftn(a, s, axes, norm, out)


def rfft2(a, s=None, axes: constant = (-2, -1), norm=None, out=None):
    return rfftn(a, s, axes, norm, out)


def irfft2(a, s=None, axes: constant = (-2, -1), norm=None, out=None):
    return irfftn(a, s, axes, norm, out)


def fftn(a, s=None, axes: constant = None, norm=None, out=None):
    array = np.asarray(a)
    first = 0 if s is None else array.ndim - len(s)
    chosen = all_axes(None, array.ndim)[first:] if axes is None else axes
    return given(_along_all(array, s, chosen, True, norm), out)


def ifftn(a, s=None, axes: constant = None, norm=None, out=None):
    array = np.asarray(a)
    first = 0 if s is None else array.ndim - len(s)
    chosen = all_axes(None, array.ndim)[first:] if axes is None else axes
    return given(_along_all(array, s, chosen, False, norm), out)


def rfftn(a, s=None, axes: constant = None, norm=None, out=None):
    array = np.asarray(a)
    if axes is None:
        first = 0 if s is None else array.ndim - len(s)
        return rfftn(array, s, all_axes(None, array.ndim)[first:], norm, out)
    lengths = _lengths(array, s, axes)
    half = _from_real(array, lengths[-1], axes[-1], norm, True)
    return given(_along_all(half, lengths[:-1], axes[:-1], True, norm), out)


def irfftn(a, s=None, axes: constant = None, norm=None, out=None):
    array = np.asarray(a)
    if axes is None:
        first = 0 if s is None else array.ndim - len(s)
        return irfftn(array, s, all_axes(None, array.ndim)[first:], norm, out)
    lengths = _lengths(array, s, axes)
    # The last axis is the last to be transformed, since it alone gives real numbers; the others go in their order.
    whole = _along_all(array, lengths[:-1][::-1], axes[:-1][::-1], False, norm)
    if s is None:
        return given(_to_real(whole, None, axes[-1], norm, False), out)
    if s[-1] == -1:
        raise NotImplementedError("irfftn with -1 as the last of `s`")
    return given(_to_real(whole, lengths[-1], axes[-1], norm, False), out)


def fftfreq(n, d=1.0, device=None):
    if kind(n) != "int":
        raise ValueError("n should be an integer")
    result = np.empty(n, np.float64)
    if n == 0:
        raise ZeroDivisionError("float division by zero")
    step = 1.0 / (n * d)
    positive = (n - 1) // 2 + 1
    for i in range(n):
        result[i] = float(i if i < positive else i - n) * step
    return result


def rfftfreq(n, d=1.0, device=None):
    if kind(n) != "int":
        raise ValueError("n should be an integer")
    result = np.empty(n // 2 + 1, np.float64)
    step = 1.0 / (n * d)
    for i in range(len(result)):
        result[i] = float(i) * step
    return result


def fftshift(x, axes: constant = None):
    return _shifted(np.asarray(x), axes, 1)


def ifftshift(x, axes: constant = None):
    return _shifted(np.asarray(x), axes, -1)


def _shifted(a, axes: constant, sign: constant):
    chosen = all_axes(None, a.ndim) if axes is None else ((axes,) if kind(axes) == "int" else axes)
    result = a
    for axis in chosen:
        result = np.roll(result, sign * (a.shape[axis] // 2), axis)
    return np.copy(result) if len(chosen) == 0 else result


def _lengths(a, s, axes: constant):
    """The length of each transform."""
    if s is not None and len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    result = ()
    for axis in axes:
        extent = a.shape[one_axis(axis, a.ndim)]
        if s is None:
            result = result + (extent,)
        else:
            wanted = s[len(result)]
            result = result + (extent if wanted == -1 else wanted,)
    return result


def _along_all(a, s, axes: constant, forward, norm):
    lengths = _lengths(a, s, axes)
    result = a.astype(_complex_type(a)) if len(axes) == 0 else a
    rest = lengths
    for axis in axes[::-1]:
        result = _along(result, rest[-1], axis, forward, norm)
        rest = rest[:-1]
    return result


def _transform(rows, count: int, length: int, forward: constant):
    if rows.itemsize == 8:
        return call_runtime("fourier_single", rows, count, length, 1 if forward else 0)
    return call_runtime("fourier_double", rows, count, length, 1 if forward else 0)


def _transform_real(rows, count: int, length: int, forward: int):
    if rows.itemsize == 8:
        return call_runtime("fourier_real_single", rows, count, length, forward)
    return call_runtime("fourier_real_double", rows, count, length, forward)


def _along(a, n, axis: constant, forward: constant, norm):
    along = one_axis(axis, a.ndim)
    length = _checked(a.shape[along] if n is None else n)
    factor = _factor(norm, forward, length)
    rows = lanes(a, along)
    count, used = len(rows), min(rows.shape[1], length)
    result = np.empty((count, length), _complex_type(a))
    result[:, :used] = rows[:, :used]
    result[:, used:] = 0
    _done(_transform(result, count, length, forward))
    if factor != 1.0:
        result *= factor
    return unlaned(result, a, along)


def _from_real(a, n, axis: constant, norm, forward: constant):
    """The first half of the transform of real numbers, scaled as forward or as backward."""
    if kind(a.dtype(0)) == "complex":
        raise TypeError("the transform of real numbers does not take complex ones")
    along = one_axis(axis, a.ndim)
    length = _checked(a.shape[along] if n is None else n)
    factor = _factor(norm, forward, length)
    rows = lanes(a, along)
    count, used = len(rows), min(rows.shape[1], length)
    result = np.empty((count, length // 2 + 1), _complex_type(a))
    reals = result.view(result.real.dtype)
    reals[:, :used] = rows[:, :used]
    reals[:, used:] = 0
    _done(_transform_real(result, count, length, 1))
    if factor != 1.0:
        result *= factor
    return unlaned(result, a, along)


def _to_real(a, n, axis: constant, norm, forward: constant):
    """The real numbers whose transform begins so."""
    along = one_axis(axis, a.ndim)
    length = _checked((a.shape[along] - 1) * 2 if n is None else n)
    factor = _factor(norm, forward, length)
    rows = lanes(a, along)
    count, width = len(rows), length // 2 + 1
    used = min(rows.shape[1], width)
    halves = np.empty((count, width), _complex_type(a))
    halves[:, :used] = rows[:, :used]
    halves[:, used:] = 0
    _done(_transform_real(halves, count, length, 0))
    reals = halves.view(halves.real.dtype)
    result = unlaned(reals[:, :length] * factor, a, along)
    return result.astype(np.float16) if a.dtype == np.float16 else result


def _complex_type(a):
    number = a.dtype(0)
    if kind(number) == "bool" or kind(number) == "int":
        return np.complex128
    return np.result_type(a, np.complex64)


def _checked(length: int):
    if length < 1:
        raise ValueError(f"Invalid number of FFT data points ({length}) specified.")
    return length


def _factor(norm, forward, length):
    if norm is None or norm == "backward":
        return 1.0 if forward else 1.0 / length
    if norm == "ortho":
        return 1.0 / math.sqrt(length)
    if norm == "forward":
        return 1.0 / length if forward else 1.0
    raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')


def _done(status: int):
    if status == 2:
        raise KeyboardInterrupt
    if status != 0:
        raise MemoryError("Unable to allocate the memory of a Fourier transform")
