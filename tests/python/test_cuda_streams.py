"""Streams and events of `numir.cuda`, on the simulator, where all is done when a call returns."""

import asyncio
import threading
import time

import numpy as np
import pytest
from numir import config, cuda, errors
from numir.cuda import _streams


@pytest.fixture(autouse=True)
def simulator(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", True)


def current():
    from numir import _numir

    return _numir.current_stream()


def test_streams_are_different():
    one, other = cuda.stream(), cuda.stream()
    assert len({int(one), int(other), 0}) == 3 and one.handle == int(one)
    assert "CUDA stream 0x" in repr(one) and not one.external
    default = cuda.default_stream()
    assert (
        int(default) == int(cuda.legacy_default_stream()) == 0 and repr(default) == "<Default CUDA stream on cuda-sim>"
    )
    external = cuda.external_stream(77)
    assert int(external) == 77 and external.external and repr(external).startswith("<External CUDA stream 0x4d")
    assert int(cuda.per_thread_default_stream()) == 2
    with pytest.raises(ValueError, match="is not 0"):
        cuda.external_stream(0)


def test_what_a_thread_does_goes_to_a_stream():
    one, other = cuda.stream(), cuda.stream()
    seen = []
    with _streams.entered(one) as entered:
        assert entered is one and current() == int(one)
        with _streams.entered(other):
            assert current() == int(other)
            thread = threading.Thread(target=lambda: seen.append(current()))
            thread.start()
            thread.join()
        with _streams.entered(0):
            assert current() == 0
        assert current() == int(one)
    with pytest.raises(ZeroDivisionError), _streams.entered(one):
        1 // 0  # noqa: B018
    assert current() == 0 and seen == [0]


def test_copies_take_a_stream():
    stream = cuda.stream()
    array = np.arange(10)
    with stream.auto_synchronize() as same:
        assert same is stream
        device = cuda.to_device(array, stream=stream)
        other = cuda.device_array_like(device, stream=stream)
        other.copy_to_device(device, stream=stream)
        other.setitem(3, 50, stream=stream)
        assert other.getitem(3, stream=stream) == 50
        host = other.copy_to_host(stream=stream)
    array[3] = 50
    np.testing.assert_array_equal(host, array)
    assert stream.query() and current() == 0
    stream.synchronize()
    pinned = cuda.pinned_array(10, np.int64)
    assert other.copy_to_host(pinned, stream) is pinned
    np.testing.assert_array_equal(pinned, array)


def test_callbacks():
    stream, seen = cuda.stream(), []
    stream.add_callback(lambda *arguments: seen.append(arguments), "text")
    stream.add_callback(lambda *arguments: seen.append(arguments))
    stream.synchronize()
    assert seen == [(stream, 0, "text"), (stream, 0, None)]

    async def wait():
        return await stream.async_done()

    assert asyncio.run(wait()) is stream


def test_errors_of_callbacks_are_told(monkeypatch):
    import sys

    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda raised: told.append(raised.exc_value))
    cuda.stream().add_callback(lambda *arguments: 1 // 0)
    assert [type(error) for error in told] == [ZeroDivisionError]


def test_events_take_times():
    start, end = cuda.event(), cuda.event()
    assert start.query()
    start.record()
    time.sleep(0.02)
    end.record(cuda.stream())
    end.synchronize()
    assert end.query() and 20 <= start.elapsed_time(end) < 5000
    assert cuda.event_elapsed_time(start, end) == start.elapsed_time(end) == -end.elapsed_time(start)
    end.wait()
    end.wait(cuda.stream())


def test_events_without_times():
    plain = cuda.event(timing=False)
    plain.record()
    for ways in ((plain, plain), (cuda.event(), plain)):
        with pytest.raises(errors.DeviceError, match="both events must have been recorded, and must take times"):
            ways[0].elapsed_time(ways[1])
