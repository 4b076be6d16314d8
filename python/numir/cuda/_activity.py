"""What ran on the device, and what was moved for it: `with cuda.transfers() as moved: …`, then `print(moved)`."""

from collections import namedtuple

from numir import _numir

# A kernel with FILE:LINE of what launches it, how often that was, and how much was copied to the device for it.
Launched = namedtuple("Launched", "name, place, launches, copies, bytes")

# So many copies with so many bytes in all.
Copied = namedtuple("Copied", "copies, bytes")


class transfers:
    """Count what is launched, and what this thread copies between host and device, until the block ends.

    `kernels` has the kernels that were launched, `to_device` and `to_host` the copies; `print` shows all of it.
    """

    def __enter__(self):
        self._before, self._after = _numir.device_activity(), None
        return self

    def __exit__(self, *_):
        self._after = _numir.device_activity()

    def _activity(self):
        return (self._after or _numir.device_activity()).since(self._before)

    @property
    def kernels(self):
        """The kernels that were launched, in the order in which the process first used them."""
        return [Launched(*kernel) for kernel in self._activity().kernels]

    @property
    def to_device(self):
        """Copies to the device, and their bytes."""
        return Copied(*self._activity().to_device)

    @property
    def to_host(self):
        """Copies to the host, and their bytes."""
        return Copied(*self._activity().to_host)

    def __str__(self):
        return str(self._activity()).rstrip("\n")
