"""Arrays on a device, on the simulator: what they are like and what is copied, against NumPy; and compiled functions that take them."""

import gc
import pathlib

import numpy as np
import pytest
from numir import config, cuda, errors, njit, prange, typeof
from numir.cuda import DeviceNDArray


@pytest.fixture(autouse=True)
def simulator(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", True)


@pytest.fixture
def draws():
    return np.random.default_rng(21)


def there(array):
    """The array on the device; what the host has of it is not looked at."""
    device = cuda.to_device(array)
    assert isinstance(device, DeviceNDArray)
    return device


DTYPES = [
    "bool",
    "int8",
    "uint16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "M8[s]",
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (7,), (3, 0), (3, 4), (2, 3, 4)])
def test_to_and_fro(dtype, shape, draws):
    array = (draws.random(shape) * 100).astype("int64").astype(dtype)
    device = there(array)
    assert (device.shape, device.dtype, device.ndim) == (array.shape, array.dtype, array.ndim)
    assert (device.size, device.nbytes, device.itemsize) == (array.size, array.nbytes, array.itemsize)
    assert device.strides == np.asarray(array).strides or array.size == 0
    back = device.copy_to_host()
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    given = np.zeros_like(array)
    assert device.copy_to_host(given) is given
    np.testing.assert_array_equal(given, array)


def test_orders_and_gaps(draws):
    array = draws.random((4, 5))
    for given in (array, np.asfortranarray(array), array.T, array[::2], array[:, ::-1], array[1:3, 1:]):
        device = there(given)
        np.testing.assert_array_equal(device.copy_to_host(), given)
    assert there(np.asfortranarray(array)).is_f_contiguous() and there(array).is_c_contiguous()
    assert there(array).flags == {"C_CONTIGUOUS": True, "F_CONTIGUOUS": False}
    like = cuda.device_array_like(draws.random((2, 3, 4)).transpose(1, 0, 2))
    assert like.strides == np.empty_like(draws.random((2, 3, 4)).transpose(1, 0, 2)).strides


def test_new_arrays():
    device = cuda.device_array((3, 4), np.int32, order="F")
    assert device.strides == (4, 12) and device.is_f_contiguous() and len(device) == 3
    assert cuda.device_array(5).dtype == np.float64
    spread = cuda.device_array((3,), np.int32, strides=(8,))
    assert (spread.alloc_size, spread.nbytes) == (20, 12)
    spread.copy_to_device(np.arange(3, dtype=np.int32))
    np.testing.assert_array_equal(spread.copy_to_host(), [0, 1, 2])
    with pytest.raises(ValueError, match="negative dimensions"):
        cuda.device_array((2, -1))
    with pytest.raises(ValueError, match="must not be negative"):
        cuda.device_array(3, np.int32, strides=(-4,))
    with pytest.raises(ValueError, match="order must be"):
        cuda.device_array(3, order="K")
    with pytest.raises(TypeError, match="no objects of Python"):
        cuda.device_array(3, object)
    with pytest.raises(MemoryError):
        cuda.device_array(1 << 60)


def test_to_device_into_another():
    device = cuda.device_array(4, np.int64)
    assert cuda.to_device(np.arange(4), to=device) is device
    np.testing.assert_array_equal(device.copy_to_host(), np.arange(4))
    assert cuda.to_device(device) is device
    cuda.to_device(np.zeros(4, np.int64), copy=False, to=device)
    np.testing.assert_array_equal(device.copy_to_host(), np.arange(4))
    other = cuda.device_array_like(device)
    other.copy_to_device(device)
    np.testing.assert_array_equal(other.copy_to_host(), np.arange(4))
    np.testing.assert_array_equal(cuda.to_device([1, 2, 3]).copy_to_host(), [1, 2, 3])


def test_what_does_not_fit_is_told():
    device = cuda.to_device(np.arange(6))
    with pytest.raises(TypeError, match="incompatible dtype: int64 vs. float64"):
        device.copy_to_device(np.zeros(6))
    with pytest.raises(ValueError, match=r"incompatible shape: \(6,\) vs. \(5,\)"):
        device.copy_to_host(np.zeros(5, np.int64))
    with pytest.raises(ValueError, match="no items on the host"):
        np.asarray(device, copy=False)
    np.testing.assert_array_equal(np.asarray(device), np.arange(6))


VIEWS = [
    lambda a: a[2],
    lambda a: a[-1, 3],
    lambda a: a[1:3],
    lambda a: a[::-2],
    lambda a: a[..., 1],
    lambda a: a[None, 1:, 2],
    lambda a: a[3:1],
    lambda a: a[..., 2, 3],
    lambda a: a.T,
    lambda a: a.T[1:],
    lambda a: a.reshape(6, 4),
    lambda a: a.reshape((3, -1)),
    lambda a: a.reshape(24, order="F") if a.flags["F_CONTIGUOUS"] else a[:2],
    lambda a: a.ravel(),
    lambda a: a[1].view(np.int64),
    lambda a: a[:, 2:3].squeeze(),
    lambda a: a[:1].squeeze(axis=0),
    lambda a: a.transpose((1, 0)),
    lambda a: a[1:].T[::2, 1],
]


@pytest.mark.parametrize("number", range(len(VIEWS)))
def test_views(number, draws):
    array = draws.random((4, 6))
    device = there(array)
    expected, found = VIEWS[number](array), VIEWS[number](device)
    if isinstance(expected, np.generic):
        assert type(found) is type(expected) and found == expected
        return
    assert found.shape == expected.shape and found.strides == expected.strides
    np.testing.assert_array_equal(found.copy_to_host(), expected)
    # It is a view: what is written there is written to the array, and nothing else.
    found[...] = 7
    expected[...] = 7
    np.testing.assert_array_equal(device.copy_to_host(), array)


def test_views_that_are_none():
    device = cuda.to_device(np.arange(12).reshape(3, 4))
    with pytest.raises(NotImplementedError, match="reshape would require copy"):
        device.T.reshape(12)
    with pytest.raises(NotImplementedError, match="reshape would require copy"):
        device[:, 1:].ravel()
    with pytest.raises(ValueError, match="cannot reshape array of size 12"):
        device.reshape(5, 2)
    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3"):
        device[3]
    with pytest.raises(TypeError, match="indexed with integers, slices"):
        device[[0, 1]]
    np.testing.assert_array_equal(device.reshape(12, order="C").copy_to_host(), np.arange(12))


def test_split():
    device = cuda.to_device(np.arange(10))
    parts = [part.copy_to_host().tolist() for part in device.split(4)]
    assert parts == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    for array, message in ((np.zeros((2, 2)), "only support 1d array"), (device[::2], "only support unit stride")):
        with pytest.raises(ValueError, match=message):
            list(cuda.to_device(array).split(2))


ASSIGNMENTS = [
    (np.s_[2], 5.0),
    (np.s_[1, 2], 5),
    (np.s_[1:3], np.arange(6.0)),
    (np.s_[:, 1], np.arange(4)),
    (np.s_[::2, ::-1], np.arange(12.0).reshape(2, 6)),
    (np.s_[...], np.float32(0.5)),
    (np.s_[:2], np.ones((1, 6))),
    (np.s_[3:], np.arange(6.0)[::-1]),
    (np.s_[0:0], 1.0),
    (np.s_[:], [[1.0], [2.0], [3.0], [4.0]]),
]


@pytest.mark.parametrize("number", range(len(ASSIGNMENTS)))
@pytest.mark.parametrize("from_device", [False, True])
def test_assignments(number, from_device, draws):
    key, value = ASSIGNMENTS[number]
    array = draws.random((4, 6))
    device = there(array)
    device[key] = cuda.to_device(np.asarray(value)) if from_device else value
    array[key] = value
    np.testing.assert_array_equal(device.copy_to_host(), array)


def test_assignments_between_parts_of_an_array(draws):
    array = draws.random(50)
    device = there(array)
    device[10:40] = device[:30]
    array[10:40] = array[:30].copy()
    np.testing.assert_array_equal(device.copy_to_host(), array)


def test_assignments_that_do_not_fit():
    device = cuda.to_device(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="Can't copy sequence with size 3 to array axis 1 with dimension 4"):
        device[...] = np.zeros(3)
    with pytest.raises(ValueError, match="Can't assign 2-D array to 1-D self"):
        device[0] = np.zeros((2, 4))


def doubled(x):
    for i in prange(len(x)):
        x[i] *= 2


def test_functions_take_them_without_a_copy(draws):
    compiled = njit(target="cuda-sim")(doubled)
    array = draws.random(100)
    device = there(array)
    before = device._memory.references()
    for _ in range(3):
        assert compiled(device) is None
        array *= 2
    np.testing.assert_array_equal(device.copy_to_host(), array)
    # The same code takes arrays of the host's.
    compiled(array)
    assert len(compiled.signatures) == 1
    compiled(device[::2])
    assert device._memory.references() == before
    host = device.copy_to_host()
    np.testing.assert_array_equal(host[1::2] * 2, array[1::2])
    np.testing.assert_array_equal(host[::2], array[::2])


def test_host_code_of_functions_sees_them(draws):
    @njit(target="cuda-sim")
    def mixed(x):
        x += 1
        total = 0.0
        for i in range(len(x)):
            total += x[i]
        x[0] = total
        x *= 2
        x[1] = 5.0
        return x[0], x.sum()

    array = draws.random(33)
    device = there(array)
    for _ in range(2):
        expected = mixed.py_func(array)
        np.testing.assert_allclose(mixed(device), expected, rtol=1e-13)
        np.testing.assert_allclose(device.copy_to_host(), array, rtol=1e-13)


def test_what_functions_give_back(draws):
    @njit(target="cuda-sim")
    def several(x, y):
        y = y + 1
        return x, x[1:], x.T, y, (x[0, 0], x)

    array = draws.random((3, 4))
    device = there(array)
    before = device._memory.references()
    same, part, turned, fresh, (item, again) = several(device, array)
    assert same is device and again is device and item == array[0, 0]
    for found, expected in ((part, array[1:]), (turned, array.T)):
        assert isinstance(found, DeviceNDArray)
        np.testing.assert_array_equal(found.copy_to_host(), expected)
    np.testing.assert_array_equal(fresh, array + 1)
    assert isinstance(fresh, np.ndarray)
    part[...] = 0
    assert not device.copy_to_host()[1:].any()
    assert device._memory.references() == before
    # A view keeps the memory.
    del same, again, device, turned
    gc.collect()
    assert not part.copy_to_host().any()


def test_their_types_are_those_of_arrays(draws):
    array = draws.random((3, 4))
    for given in (array, np.asfortranarray(array), array.astype("int8")):
        assert typeof(there(given)) == typeof(given)
    assert typeof(there(array)[:, ::2]) == typeof(array[:, ::2])


def test_arrays_within_tuples_and_mixed(draws):
    @njit(target="cuda-sim")
    def added(pair, z):
        x, y = pair
        z[:] = x + y
        return z.sum()

    x, y = draws.random(20), draws.random(20)
    z = cuda.device_array(20)
    total = added((there(x), y), z)
    np.testing.assert_array_equal(z.copy_to_host(), x + y)
    np.testing.assert_allclose(total, (x + y).sum(), rtol=1e-14)


def test_errors_leave_them_as_they_are(draws):
    @njit(target="cuda-sim")
    def wrong(x, k):
        for i in prange(len(k)):
            x[k[i]] = -1.0

    device = there(draws.random(10))
    before = device._memory.references()
    with pytest.raises(IndexError, match="index 10 is out of bounds for axis 0 with size 10"):
        wrong(device, np.array([3, 10]))
    assert device.copy_to_host()[3] == -1 and device._memory.references() == before


def test_records(draws):
    array = np.zeros(5, [("x", "f8"), ("n", "i4")])
    array["x"] = draws.random(5)
    device = there(array)

    @njit(target="cuda-sim")
    def count(a):
        for i in range(len(a)):
            a[i].n = i + 1

    count(device)
    array["n"] = np.arange(5) + 1
    np.testing.assert_array_equal(device.copy_to_host(), array)


def test_functions_for_the_cpu_refuse_them():
    device = cuda.to_device(np.arange(4.0))
    for function in (njit(doubled), njit(lambda pair: pair[0].sum())):
        argument = device if function.py_func is doubled else (device, 1)
        with pytest.raises(TypeError, match=r"pass what its copy_to_host\(\) gives"):
            function(argument)
    np.testing.assert_array_equal(device.copy_to_host(), np.arange(4.0))


class Foreign:
    """Another library's array on the device."""

    def __init__(self, array, **changes):
        self._array = array
        self._changes = changes

    @property
    def __cuda_array_interface__(self):
        return {**self._array.__cuda_array_interface__, **self._changes}


def test_arrays_of_other_libraries(draws):
    array = draws.random((4, 5))
    owner = there(array)
    foreign = Foreign(owner)
    assert cuda.is_cuda_array(foreign) and cuda.is_cuda_array(owner) and not cuda.is_cuda_array(array)
    shared = cuda.as_cuda_array(foreign)
    shared[1] = 3.0
    array[1] = 3.0
    np.testing.assert_array_equal(owner.copy_to_host(), array)
    compiled = njit(target="cuda-sim")(doubled)
    compiled(Foreign(owner.reshape(20)))
    np.testing.assert_array_equal(owner.copy_to_host(), array * 2)
    for view in (lambda a: a.T, lambda a: a[::-2, ::-1]):
        turned = cuda.as_cuda_array(Foreign(view(owner)))
        assert turned.strides == view(array).strides
        np.testing.assert_array_equal(turned.copy_to_host(), view(array) * 2)
    assert cuda.as_cuda_array(owner) is owner and cuda.to_device(foreign).copy_to_host()[1, 0] == 6
    with pytest.raises(TypeError, match="doesn't implement the cuda array interface"):
        cuda.as_cuda_array(array)
    with pytest.raises(NotImplementedError, match="Masked arrays"):
        cuda.as_cuda_array(Foreign(owner, mask=owner))
    readonly = cuda.as_cuda_array(Foreign(owner, data=(owner.__cuda_array_interface__["data"][0], True)))
    with pytest.raises(ValueError, match="read-only"):
        readonly[0] = 1.0


def test_the_owner_of_foreign_memory_is_kept_alive():
    import weakref

    foreign = Foreign(there(np.arange(5)))
    alive = weakref.ref(foreign)
    shared = cuda.as_cuda_array(foreign)[1:]
    del foreign
    gc.collect()
    assert alive() is not None and shared.copy_to_host().tolist() == [1, 2, 3, 4]
    del shared
    gc.collect()
    assert alive() is None


class ByDlpack:
    """Another library's array, which has nothing but DLPack's interface."""

    def __init__(self, array, **changes):
        self._array = array
        self._changes = changes

    def __dlpack_device__(self):
        return self._changes.get("device", self._array.__dlpack_device__())

    def __dlpack__(self, **keywords):
        return self._changes.get("capsule", self._array.__dlpack__)(**keywords)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint32", "float16", "float64", "complex128"])
def test_dlpack(dtype, draws):
    array = (draws.random((3, 4, 5)) * 50).astype(dtype)
    device = there(array)
    for view in (lambda a: a, lambda a: a.T, lambda a: a[1:, ::2, ::-1], lambda a: a[:0], lambda a: a[1, 2, 3:4]):
        shared = cuda.from_dlpack(ByDlpack(view(device)))
        assert shared.dtype == array.dtype and shared.shape == view(array).shape
        np.testing.assert_array_equal(shared.copy_to_host(), view(array))
        shared[...] = 1
        view(array)[...] = 1
        np.testing.assert_array_equal(device.copy_to_host(), array)
    assert cuda.from_dlpack(device) is device


def test_dlpack_keeps_and_gives_back():
    import weakref

    device = there(np.arange(5))
    other = ByDlpack(device)
    alive = weakref.ref(device._shell)
    shared = cuda.from_dlpack(other)
    capsule = device.__dlpack__()
    del device, other
    gc.collect()
    assert alive() is not None and shared[1:].copy_to_host().tolist() == [1, 2, 3, 4]
    del shared
    gc.collect()
    assert alive() is not None
    del capsule
    gc.collect()
    assert alive() is None


def test_both_forms_of_dlpack_are_read():
    from numir import _numir

    array = np.arange(6.0).reshape(2, 3)
    for keywords in ({}, {"max_version": (1, 0)}):
        capsule = array.__dlpack__(**keywords)
        owner, device, address, dtype, shape, strides, readonly = _numir.import_dlpack(capsule)
        assert (device, address, dtype) == ((1, 0), array.ctypes.data, (2, 64))
        assert (shape, strides or [3, 1], readonly) == ([2, 3], [3, 1], False)
        with pytest.raises(ValueError, match="which nobody has used"):
            _numir.import_dlpack(capsule)
        del owner
    array.flags.writeable = False
    assert _numir.import_dlpack(array.__dlpack__(max_version=(1, 0)))[-1] is True


def test_dlpack_that_does_not_fit():
    device = cuda.to_device(np.arange(4))
    with pytest.raises(BufferError, match=r"on DLPack's device \(2, 0\), and numir.cuda uses \(12, 0\)"):
        cuda.from_dlpack(ByDlpack(device, device=(2, 0)))
    with pytest.raises(BufferError, match="without a copy"):
        device.__dlpack__(copy=True)
    with pytest.raises(BufferError, match="not on"):
        device.__dlpack__(dl_device=(1, 0))
    with pytest.raises(BufferError, match="no items of dtype datetime64"):
        cuda.to_device(np.zeros(3, "M8[s]")).__dlpack__()
    with pytest.raises(BufferError, match="read-only"):
        cuda.as_cuda_array(Foreign(device, data=(device.__cuda_array_interface__["data"][0], True))).__dlpack__()
    with pytest.raises(ValueError, match="a capsule of DLPack is expected"):
        cuda.from_dlpack(ByDlpack(device, capsule=lambda **keywords: None))


def test_interfaces_of_empty_and_spread_arrays():
    interface = cuda.device_array(0).__cuda_array_interface__
    assert interface["data"] == (0, False) and interface["shape"] == (0,) and interface["version"] == 3
    device = cuda.to_device(np.arange(12, dtype=np.int32).reshape(3, 4))
    assert device.__cuda_array_interface__["strides"] is None
    part = device[:, ::2].__cuda_array_interface__
    assert part["strides"] == (16, 8) and part["typestr"] == "<i4"
    assert device[1:].device_ctypes_pointer.value == device.device_ctypes_pointer.value + 16


def test_pinned_arrays(draws):
    array = cuda.pinned_array((3, 4), np.float32)
    array[...] = 2
    assert isinstance(array, np.ndarray) and array.shape == (3, 4) and array.sum() == 24
    assert cuda.pinned_array_like(array.T).strides == array.T.strides
    for make in (cuda.mapped_array, cuda.managed_array):
        mapped = make(10)
        mapped[:] = 1
        njit(target="cuda-sim")(doubled)(mapped)
        assert mapped.tolist() == [2.0] * 10
    with cuda.pinned(array, draws.random(7)):
        np.testing.assert_array_equal(cuda.to_device(array).copy_to_host(), array)
    with cuda.mapped(array) as same, cuda.defer_cleanup():
        assert same is array
    with pytest.raises(ValueError, match="do not lie in one piece"), cuda.pinned(array[:, ::2]):
        pass


def test_memory_goes_with_the_last_array():
    free = cuda.current_context().get_memory_info().free
    device = cuda.device_array(1 << 20)
    part = device[5:]
    assert cuda.current_context().get_memory_info().free == free - (8 << 20)
    del device
    assert cuda.current_context().get_memory_info().free == free - (8 << 20)
    del part
    assert cuda.current_context().get_memory_info().free == free


def test_arrays_of_a_closed_context():
    device = cuda.to_device(np.arange(4.0))
    cuda.close()
    ways = (
        device.copy_to_host,
        lambda: device.copy_to_device(np.zeros(4)),
        lambda: njit(target="cuda-sim")(doubled)(device),
    )
    for way in ways:
        with pytest.raises(errors.DeviceError, match="made before cuda.close"):
            way()
    assert cuda.to_device(np.arange(3)).copy_to_host().tolist() == [0, 1, 2]


def test_the_program_of_the_documentation(tmp_path):
    import os
    import re
    import subprocess
    import sys

    text = (pathlib.Path(__file__).parents[2] / "docs/gpu.md").read_text()
    program = re.search(r"```python\n(# steps.py\n.*?)```", text, re.DOTALL).group(1)
    file = tmp_path / "steps.py"
    file.write_text(program.replace('target="cuda"', 'target="cuda-sim"'))
    environment = {**os.environ, "NUMIR_ENABLE_CUDASIM": "1"}
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[5. 5. 5. 5. 5.]\n"


def test_an_array_of_another_device_is_refused():
    device = cuda.to_device(np.arange(4.0))
    with pytest.raises((ValueError, errors.DeviceError)):
        njit(target="cuda")(doubled)(device)
    np.testing.assert_array_equal(device.copy_to_host(), np.arange(4.0))
