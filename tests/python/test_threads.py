"""Many threads of one program compile and call. On a free-threaded interpreter they do so at once."""

import builtins
import subprocess
import sys
import sysconfig
import threading

import numir
import numpy as np
import pytest
from numir import njit

THREADS = 8


def together(work, threads=THREADS):
    """Run `work(number)` on threads that begin at one moment; their results."""
    results = [None] * threads
    errors = []
    barrier = threading.Barrier(threads)

    def run(number):
        barrier.wait()
        try:
            results[number] = work(number)
        except BaseException as error:
            errors.append(error)

    running = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(120)
    assert not any(thread.is_alive() for thread in running), "a thread hangs"
    assert errors == []
    return results


def test_threads_that_call_first_compile_once(monkeypatch):
    @njit
    def f(n):
        total = 0
        for i in range(n):
            total += i * i
        return total

    # A stage is printed once per compilation.
    printed = []
    monkeypatch.setattr(numir.config, "PRINT", "numeric")
    monkeypatch.setattr(builtins, "print", lambda *texts: printed.append(texts))
    results = together(lambda number: f(1000 + number))
    assert results == [sum(i * i for i in range(1000 + number)) for number in range(THREADS)]
    assert len(printed) == 1
    assert len(f.signatures) == 1


def test_threads_compile_for_types_of_their_own():
    @njit
    def twice(x):
        return x + x

    types = [np.int8, np.uint16, np.int32, np.int64, np.float32, np.float64, np.complex64, np.complex128]
    results = together(lambda number: [twice(types[number](k)) for k in range(50)])
    assert results == [[2 * k for k in range(50)]] * THREADS
    assert len(twice.signatures) == len(types)


def test_threads_compile_many_functions_that_call_each_other():
    @njit
    def inner(x):
        return x * 3

    # Each function is a closure with a value of its own, and first called by all threads.
    def make(k):
        @njit
        def outer(a):
            return inner(a[0]) + k

        return outer

    functions = [make(k) for k in range(12)]
    array = np.array([5, 6])
    results = together(lambda number: [functions[(number + k) % 12](array) for k in range(12)])
    assert results == [[15 + (number + k) % 12 for k in range(12)] for number in range(THREADS)]


def test_threads_raise_what_their_own_calls_raised():
    @njit
    def pick(a, i):
        return a[i]

    def work(number):
        array = np.arange(number + 1)
        seen = []
        for _ in range(200):
            try:
                pick(array, number + 1)
            except IndexError as error:
                seen.append(str(error))
        return set(seen)

    wanted = [{f"index {n + 1} is out of bounds for axis 0 with size {n + 1}"} for n in range(THREADS)]
    assert together(work) == wanted


def test_threads_share_arrays_and_parallel_loops():
    @njit(parallel=True)
    def scaled(a, factor):
        out = np.empty_like(a)
        for i in numir.prange(a.shape[0]):
            out[i] = a[i] * factor
        return out

    shared = np.arange(10_000.0)

    def work(number):
        return all(np.array_equal(scaled(shared, float(number)), shared * number) for _ in range(30))

    assert together(work) == [True] * THREADS
    # Each call has given its reference back.
    assert sys.getrefcount(shared) < 10


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this interpreter has its lock always")
def test_the_interpreter_stays_without_its_lock():
    text = (
        "import sys, numpy, numir\n"
        "assert not sys._is_gil_enabled()\n"
        "f = numir.njit(lambda x: x + 1)\n"
        "assert f(1) == 2 and f(numpy.ones(2)).sum() == 4\n"
        "assert numir.vectorize(lambda x: x + 1)(numpy.ones(2)).sum() == 4\n"
        "print(sys._is_gil_enabled())"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", text], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")
