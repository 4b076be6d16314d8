"""Ctrl-C ends compiled loops by what Python's signal handler raises."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, threading, time
import numpy as np
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

@njit
def sorting(n):
    a = np.random.default_rng(0).integers(-2**62, 2**62, 50_000_000)
    for i in range(n):
        b = np.sort(a)
    return b[0]

@njit
def ordering(n):
    a = np.random.default_rng(0).random(40_000_000)
    return np.argsort(a)[0] + n

@njit
def product(n):
    a = np.full((20000, 20000), 0.5, np.float32)
    return (a @ a)[0, 0] + n

@njit(parallel=True)
def shared_product(n):
    a = np.full((20000, 20000), 0.5, np.float32)
    return (a @ a)[0, 0] + n

@njit
def transforms(n):
    return np.fft.fft(np.ones((2000, 49999), np.complex64))[0, 0].real + n

{setup}
{name}.compile("(int64,)")

def interrupt():
    time.sleep({after})
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt).start()
try:
    {name}(1 << 40)
except {error} as error:
    print("ended by", type(error).__name__, error)
"""

OWN_HANDLER = """
def handler(number, frame):
    raise ValueError(f"signal {number}")
signal.signal(signal.SIGINT, handler)
"""


def run(name, error="KeyboardInterrupt", setup="", after=0.2):
    """The output of a program that is interrupted in a loop which would take hours."""
    program = PROGRAM.format(name=name, error=error, setup=setup, after=after)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["counted", "nested", "endless", "parallel"])
def test_a_loop_ends(name):
    assert run(name).startswith("ended by KeyboardInterrupt")


@pytest.mark.parametrize("name", ["sorting", "ordering", "product", "shared_product", "transforms"])
def test_a_long_function_of_numpy_ends(name):
    # By then the arrays are made: what is ended is the function, which takes seconds.
    assert run(name, after=1.0).startswith("ended by KeyboardInterrupt")


def test_a_handler_of_the_program_is_called():
    assert run("counted", "ValueError", OWN_HANDLER).startswith("ended by ValueError signal 2")
