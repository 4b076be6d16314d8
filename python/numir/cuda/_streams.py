"""Streams, in each of which a device does one thing after the other, and events, which tell how far it has come.

The default stream is the number 0. What is done there comes after all that was begun in other streams before, and before all that is begun in
them later, as CUDA's default stream has it.
"""

from contextlib import contextmanager

from numir import _numir
from numir.cuda._place import target


class Stream:
    """A stream of a device. It is given as `stream=` to what copies, and to a launch: `kernel[blocks, threads, stream](…)`."""

    def __init__(self, native=None, external=False):
        self._native = native
        self.external = external

    @property
    def handle(self):
        """The driver's handle of it, 0 of the default stream."""
        return self._native.handle if self._native else 0

    def __int__(self):
        return self.handle

    def __repr__(self):
        if not self.handle:
            return f"<Default CUDA stream on {target()}>"
        return f"<{'External ' if self.external else ''}CUDA stream {self.handle:#x} on {target()}>"

    def synchronize(self):
        """Wait for all that was begun in the stream. An error of a kernel is raised here, if it was not before."""
        _numir.wait_for_stream(target(), self.handle)

    def query(self):
        """Whether all that was begun in the stream is done."""
        return _numir.is_stream_done(target(), self.handle)

    @contextmanager
    def auto_synchronize(self):
        """`with stream.auto_synchronize():` waits for the stream at its end."""
        yield self
        self.synchronize()

    def add_callback(self, callback, arg=None):
        """Call `callback(stream, status, arg)` once all that was begun in the stream before is done, on a thread of the driver's: it must
        not use the device. The status is 0."""

        def call():
            callback(self, 0, arg)

        _numir.call_after_stream(target(), self.handle, call)

    def async_done(self):
        """A future of the running event loop that is done once all that was begun in the stream before is."""
        import asyncio

        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def finish():
            if not future.done():
                future.set_result(self)

        _numir.call_after_stream(target(), self.handle, lambda: loop.call_soon_threadsafe(finish))
        return future


class Event:
    """A place in a stream: it is reached when all is done that was begun there before the event was recorded."""

    def __init__(self, timing=True):
        self.timing = timing
        self._native = _numir.DeviceEvent(target(), timing)

    @property
    def handle(self):
        """The driver's handle of it."""
        return self._native.handle

    def record(self, stream=0):
        """Put the event behind all that was begun in a stream."""
        self._native.record(handle_of(stream))

    def query(self):
        """Whether the event is reached, or was not recorded."""
        return self._native.is_done()

    def synchronize(self):
        """Wait until the event is reached."""
        self._native.synchronize()

    def wait(self, stream=0):
        """Have what is begun in a stream from now on come after the event."""
        self._native.hold(handle_of(stream))

    def elapsed_time(self, evtend):
        """Milliseconds from this event to another, when both are reached."""
        return event_elapsed_time(self, evtend)


def handle_of(stream):
    """The handle of a stream, or of what stands for one: 0 and None are the default stream."""
    return int(stream) if stream else 0


class entered:
    """`with entered(stream):` has what this thread copies and launches go to a stream."""

    __slots__ = ("_former", "_stream")

    def __init__(self, stream):
        self._stream = stream

    def __enter__(self):
        self._former = _numir.enter_stream(handle_of(self._stream))
        return self._stream

    def __exit__(self, *error):
        _numir.enter_stream(self._former)


def exported():
    """What other libraries are told of the stream of this thread, behind whose work theirs is to come: 1 is CUDA's default stream."""
    return None if target() == "cuda-sim" else _numir.current_stream() or 1


def follow(stream):
    """What this thread begins from now on comes after the work of a stream of another library's; None says that there is none to wait for."""
    if stream is None or target() == "cuda-sim":
        return
    event = Event(timing=False)
    event.record(stream)
    event.wait(_numir.current_stream())


def lead(stream):
    """Have what another library begins in its stream from now on come after the work of this thread's."""
    if target() != "cuda-sim":
        event = Event(timing=False)
        event.record(_numir.current_stream())
        event.wait(stream)


def stream():
    """A new stream."""
    return Stream(_numir.DeviceStream(target()))


def default_stream():
    """The default stream."""
    return Stream()


def legacy_default_stream():
    """The default stream, under CUDA's name."""
    return Stream()


def per_thread_default_stream():
    """CUDA's default stream of a thread."""
    return external_stream(2)


def external_stream(ptr):
    """A stream of another library's, by its handle; that library must keep it."""
    if not ptr:
        raise ValueError("the handle of a stream is not 0")
    return Stream(_numir.DeviceStream.external(target(), int(ptr)), external=True)


def event(timing=True):
    """A new event, which takes times unless `timing` is false."""
    return Event(timing)


def event_elapsed_time(evtstart, evtend):
    """Milliseconds from an event to another, when both are reached."""
    return evtstart._native.elapsed(evtend._native)
