"""Ctrl-C ends compiled loops by what Python's signal handler raises."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, threading, time
from numir import njit, prange

# Where the shell has the signal ignored, as in the background, Python leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)

@njit
def counted(n):
    s = 1
    for i in range(n):
        s = (s * 6364136223846793005 + i) ^ (s >> 7)
    return s

@njit
def nested(n):
    s = 1
    for j in range(3):
        for i in range(n):
            s = (s * 6364136223846793005 + i) ^ (s >> 7)
    return s

@njit
def endless(n):
    i = n
    while i >= 0:
        i = (i * 5 + 1) % 1000
    return i

@njit(parallel=True)
def parallel(n):
    t = 0
    for j in prange(1000):
        s = j
        for i in range(n):
            s = (s * 6364136223846793005 + i) ^ (s >> 7)
        t += s
    return t

{setup}
{name}.compile("(int64,)")

def interrupt():
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt).start()
started = time.perf_counter()
try:
    {name}(1 << 40)
except {error} as error:
    print("ended by", type(error).__name__, error)
    print(f"{{1000 * (time.perf_counter() - started) - 200:.0f}} ms after the signal")
"""

OWN_HANDLER = """
def handler(number, frame):
    raise ValueError(f"signal {number}")
signal.signal(signal.SIGINT, handler)
"""


def run(name, error="KeyboardInterrupt", setup=""):
    """The output of a program that is interrupted in a loop which would take hours."""
    program = PROGRAM.format(name=name, error=error, setup=setup)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["counted", "nested", "endless", "parallel"])
def test_a_loop_ends(name):
    assert run(name).startswith("ended by KeyboardInterrupt")


def test_a_handler_of_the_program_is_called():
    assert run("counted", "ValueError", OWN_HANDLER).startswith("ended by ValueError signal 2")
