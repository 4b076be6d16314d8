"""`DeviceNDArray`: an array that lives on a device.

Its shell is an array of NumPy's at addresses of the host that have no memory behind them. NumPy makes the views and says what they are like; no
function here looks at a shell's items.
"""

from numir import _numir
from numir.cuda import _assign, _layout
from numir.cuda._streams import entered


class DeviceNDArray(_numir.DeviceArray):
    """An array on a device. Compiled functions with a target for one take it where they take an array of NumPy's, without a copy."""

    __slots__ = ()
    __cuda_memory__ = True
    __cuda_ndarray__ = True

    shape = property(lambda self: self._shell.shape, doc="The extents.")
    strides = property(lambda self: self._shell.strides, doc="Bytes from an item to the next, along each axis.")
    dtype = property(lambda self: self._shell.dtype, doc="The items' dtype.")
    ndim = property(lambda self: self._shell.ndim, doc="How many axes there are.")
    size = property(lambda self: self._shell.size, doc="How many items there are.")
    nbytes = property(lambda self: self._shell.nbytes, doc="Bytes of all items.")
    itemsize = property(lambda self: self._shell.itemsize, doc="Bytes of an item.")
    flags = property(lambda self: _layout.flags(self._shell), doc="Whether items lie in C's order, or in Fortran's.")
    T = property(lambda self: self.transpose(), doc="The array with its axes in reverse, as a view.")

    @property
    def alloc_size(self):
        """Bytes from the first item to behind the last."""
        return _layout.span(self._shell)[1]

    def is_c_contiguous(self):
        """Whether items lie one behind the other in C's order."""
        return self._shell.flags.c_contiguous

    def is_f_contiguous(self):
        """Whether items lie one behind the other in Fortran's order."""
        return self._shell.flags.f_contiguous

    def __len__(self):
        return len(self._shell)

    def __repr__(self):
        return f"<DeviceNDArray of {self.dtype}, shape {self.shape}>"

    # Views: of the same memory.

    def _like(self, shell):
        return DeviceNDArray(self._memory, shell)

    def reshape(self, *newshape, order="C"):
        """A view of other extents; NotImplementedError where there is none."""
        if len(newshape) == 1 and not hasattr(newshape[0], "__index__"):
            newshape = tuple(newshape[0])
        return self._like(_layout.reshaped(self._shell, newshape, order))

    def ravel(self, order="C", stream=0):
        """All items along one axis, as a view; NotImplementedError where there is none."""
        return self.reshape(-1, order=order)

    def transpose(self, axes=None):
        """A view with the axes in another order, or in reverse."""
        return self._like(self._shell.transpose(axes))

    def squeeze(self, axis=None, stream=0):
        """A view without axes of one item: without all, or those that are named."""
        return self._like(self._shell.squeeze(axis))

    def view(self, dtype):
        """A view of the same bytes as items of another dtype."""
        return self._like(self._shell.view(dtype))

    def split(self, section, stream=0):
        """Views of so many items each, the last perhaps of fewer."""
        if self.ndim != 1:
            raise ValueError("only support 1d array")
        if self.size and self.strides[0] != self.itemsize:
            raise ValueError("only support unit stride")
        for start in range(0, self.size, section):
            yield self[start : start + section]

    # Copies.

    def copy_to_host(self, ary=None, stream=0):
        """Copy to an array of the host, a new one if none is given, and return it. The items are there when this returns; where the array is pinned
        and a stream is given, when the stream has come so far."""
        if ary is not None:
            _layout.check(self._shell, ary)
        with entered(stream):
            return _layout.read(self._memory, self._offset, self._shell, ary)

    def copy_to_device(self, ary, stream=0):
        """Copy from an array of the host, or of a device, that has as many items of the same dtype. Where it is pinned and a stream is given, it must
        not change until the stream has come so far."""
        if ary.size == 0:
            return
        is_on_device = isinstance(ary, _numir.DeviceArray)
        _layout.check(self._shell, ary._shell if is_on_device else ary)
        with entered(stream):
            _assign.copy(self, ary.reshape(self.shape))

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("an array on a device has no items on the host: they are copied")
        array = self.copy_to_host()
        return array if dtype is None else array.astype(dtype, copy=False)

    # Items.

    def __getitem__(self, item):
        return self.getitem(item)

    def getitem(self, item, stream=0):
        """A view for slices; for an index along each axis the item itself, which is copied to the host."""
        shell, is_item = _layout.part(self._shell, item)
        part = self._like(shell)
        return part.copy_to_host(stream=stream)[()] if is_item else part

    def __setitem__(self, key, value):
        self.setitem(key, value)

    def setitem(self, key, value, stream=0):
        """Assign an array of the host or of a device, or a number, to a part."""
        part = self._like(_layout.part(self._shell, key)[0])
        if not self._shell.flags.writeable:
            raise ValueError("assignment destination is read-only")
        with entered(stream):
            _assign.assign(part, value)

    # What others know it by.

    @property
    def __cuda_array_interface__(self):
        from numir.cuda._streams import exported

        shell = self._shell
        return {
            "shape": shell.shape,
            "strides": None if shell.flags.c_contiguous else shell.strides,
            "data": (self._address() if shell.size else 0, False),
            "typestr": shell.dtype.str,
            "descr": shell.dtype.descr,
            "stream": exported(),
            "version": 3,
        }

    def __dlpack_device__(self):
        from numir.cuda import _dlpack

        return _dlpack.device_of(self)

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        from numir.cuda import _dlpack

        return _dlpack.exported(self, stream, dl_device, copy)

    @property
    def device_ctypes_pointer(self):
        """The address on the device, as C's `void *`."""
        from ctypes import c_void_p

        return c_void_p(self._address() if self.size else 0)

    def _address(self):
        return self._memory.address() + self._offset


def is_cuda_ndarray(thing):
    """Whether an object is an array on a device."""
    return getattr(thing, "__cuda_ndarray__", False)
