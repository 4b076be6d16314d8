"""Addresses of C: what the parameters of functions that C calls may be, besides numbers."""

from numir.types.base import Type


class RawPointer(Type):
    """The address of anything."""

    @property
    def spelling(self):
        """`voidptr`."""
        return "voidptr"

    def __reduce__(self):
        return "voidptr"

    __module__ = "numir.types.pointers"


voidptr = RawPointer("void*")


class CPointer(Type):
    """The address of items of the type `dtype`."""

    def __init__(self, dtype, addrspace=None):
        from numir.types.convert import as_type

        self.dtype, self.addrspace = as_type(dtype), addrspace
        super().__init__(f"{self.dtype}*")

    @property
    def key(self):
        """The type of the items."""
        return self.dtype

    @property
    def spelling(self):
        """`CPointer(float64)`; of items that are no numbers it says nothing of these."""
        from numir.types.scalars import NUMPY

        return f"CPointer({NUMPY[self.dtype.name].spelling})" if self.dtype.name in NUMPY else "voidptr"

    def __repr__(self):
        return f"CPointer({self.dtype!r})"
