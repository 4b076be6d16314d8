"""Streams: there is one as yet, the default stream."""

from contextlib import nullcontext


def entered(stream):
    """`with entered(stream):` has what this thread copies and launches go to a stream."""
    return nullcontext(stream)


def exported():
    """What other libraries are told of the stream of this thread: there is none to wait for."""


def follow(stream):
    """What this thread begins from now on comes after the work of a stream of another library's."""
