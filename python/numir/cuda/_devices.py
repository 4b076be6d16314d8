"""The devices of the machine, and what they say of themselves: `cuda.gpus`, `cuda.get_current_device()`, `cuda.current_context()`.

A process uses one of them, in one context, which the driver calls the primary one and other libraries share.
"""

from collections import namedtuple

from numir import _numir
from numir.cuda._attributes import ATTRIBUTES
from numir.cuda._place import target
from numir.errors import DeviceError

CudaSupportError = DeviceError

MemoryInfo = namedtuple("MemoryInfo", "free, total")


class Device:
    """A GPU, by its number. The driver's attributes are attributes of it: `device.WARP_SIZE`, `device.MULTIPROCESSOR_COUNT`."""

    def __init__(self, number):
        self.id = number
        name, self.compute_capability, identity = _numir.device_description(target(), number)
        self._name = name
        digits = bytes(identity).hex()
        self.uuid = "GPU-" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    @property
    def name(self):
        """Its name."""
        return self._name

    @property
    def supports_float16(self):
        """Whether it computes with float16; all GPUs do that kernels can be compiled for."""
        return self.compute_capability >= (5, 3)

    def __getattr__(self, name):
        number = ATTRIBUTES.get(name)
        if number is None:
            raise AttributeError(f"a GPU has no attribute {name!r}")
        value = _numir.device_attribute(target(), self.id, number)
        setattr(self, name, value)
        return value

    def get_primary_context(self):
        """The context in which kernels run on it."""
        return Context(self)

    def reset(self):
        """Give up all that lives on it; see `cuda.close`."""
        self.get_primary_context().reset()

    def __eq__(self, other):
        if not isinstance(other, Device):
            return NotImplemented
        return (self.id, self.uuid) == (other.id, other.uuid)

    def __hash__(self):
        return hash((self.id, self.uuid))

    def __repr__(self):
        return f"<CUDA device {self.id} '{self.name}'>"


class Context:
    """All that lives on a device."""

    def __init__(self, device):
        self.device = device

    @property
    def id(self):
        """The device's number."""
        return self.device.id

    def get_memory_info(self):
        """Bytes of the device's memory that are free, and all of them."""
        return MemoryInfo(*_numir.device_memory(target()))

    def get_compute_capability(self):
        """The device's compute capability."""
        return self.device.compute_capability

    def synchronize(self):
        """Wait for all that was launched on the device."""
        _numir.synchronize_device(target())

    def reset(self):
        """Give up all that lives on the device; see `cuda.close`."""
        close()

    def __eq__(self, other):
        return isinstance(other, Context) and self.device == other.device

    def __hash__(self):
        return hash(self.device)

    def __repr__(self):
        return f"<CUDA context of device {self.id}>"


class _Chosen:
    """A device of `cuda.gpus`: `with cuda.gpus[1]:` has kernels run on it."""

    def __init__(self, device):
        self._device = device

    def __getattr__(self, name):
        return getattr(self._device, name)

    def __enter__(self):
        select_device(self._device.id)
        return self

    def __exit__(self, *error):
        pass

    def __eq__(self, other):
        return getattr(other, "_device", other) == self._device

    def __hash__(self):
        return hash(self._device)

    def __repr__(self):
        return f"<Managed Device {self._device.id}>"


class _Gpus:
    """The devices of the machine, looked up when they are asked for."""

    @property
    def lst(self):
        """All of them."""
        return [_Chosen(Device(number)) for number in range(_numir.device_count(target()))]

    @property
    def current(self):
        """The one that kernels run on."""
        return _Chosen(get_current_device())

    def __len__(self):
        return _numir.device_count(target())

    def __getitem__(self, number):
        return self.lst[number]

    def __iter__(self):
        return iter(self.lst)

    def __str__(self):
        return ", ".join(map(str, self.lst))


gpus = _Gpus()


class _Version:
    """What there is instead of CUDA's runtime, which numir does without: the driver, and the version that it is for."""

    def get_version(self):
        """The version of CUDA that the driver is for, as `(major, minor)`."""
        number = _numir.device_version(target())
        return number // 1000, number % 1000 // 10

    def is_supported_version(self):
        """Whether the driver is new enough, which is all that numir asks for."""
        try:
            return self.get_version() >= (11, 4)
        except DeviceError:
            return False

    @property
    def supported_versions(self):
        """From which version on drivers do."""
        return ((11, 4),)


runtime = driver = _Version()


def is_supported_version():
    """Whether the driver is one that numir works with."""
    return runtime.is_supported_version()


def is_available():
    """Whether there is a GPU, or a simulated one."""
    try:
        return len(gpus) > 0
    except DeviceError:
        return False


def cuda_error():
    """Why there is no GPU, in words; None if there is one."""
    try:
        _numir.device_count(target())
    except DeviceError as error:
        return str(error)
    return None


def is_float16_supported():
    """Whether kernels compute with float16; all that can be compiled do."""
    return True


def list_devices():
    """The devices of the machine."""
    return gpus


def get_current_device():
    """The device that kernels run on."""
    return Device(_numir.current_device(target()))


def select_device(device_id):
    """Have kernels run on that device. A process uses one, so this comes before the first kernel and the first array."""
    _numir.select_device(target(), device_id)
    return Context(Device(device_id))


def current_context(devnum=None):
    """The context of the device that kernels run on."""
    return get_current_device().get_primary_context() if devnum is None else select_device(devnum)


def synchronize():
    """Wait for all that was launched on the device. An error of a kernel is raised here, if it was not before."""
    _numir.synchronize_device(target())


def close():
    """Wait for all that was launched, and give back the device's memory that is kept for later. Arrays that live on the device cannot be used
    any more, and their memory goes as they do."""
    _numir.close_device(target())


def detect():
    """Print which GPUs there are, and tell whether there is one that numir can use."""
    devices = gpus.lst
    print(f"Found {len(devices)} CUDA devices")
    usable = 0
    for device in devices:
        fits = device.compute_capability >= (7, 5)
        usable += fits
        print(
            f"id {device.id}    {device.name:>30}    {'[SUPPORTED]' if fits else '[NOT SUPPORTED: older than sm_75]'}"
        )
        major, minor = device.compute_capability
        rows = (
            ("Compute Capability", f"{major}.{minor}"),
            ("PCI Device ID", device.PCI_DEVICE_ID),
            ("PCI Bus ID", device.PCI_BUS_ID),
            ("UUID", device.uuid),
        )
        for name, value in rows:
            print(f"{name:>40}: {value}")
    print("Summary:")
    print(f"\t{usable}/{len(devices)} devices are supported")
    return usable > 0
