"""Calls: how arguments meet parameters, where a compiled function may stand, threads, forks."""

import concurrent.futures
import functools
import inspect
import multiprocessing
import os
import threading
import time
from types import MethodType

import numir
import numpy as np
import pytest
from numir import njit, prange


def plain(a, b=2, *, c=3.0):
    """What it says."""
    return a + 10 * b + 100 * c


def positional(a, /, b):
    return a - b


def rest(a, *args):
    return a + 10 * len(args)


def without_defaults(a, b, c, *, d):
    return a + b + c + d


CALLS = [
    (plain, (1,), {}),
    (plain, (1, 3), {}),
    (plain, (1,), {"c": 1.0}),
    (plain, (), {"b": 1, "a": 5}),
    (plain, (), {}),
    (plain, (1, 2, 3), {}),
    (plain, (1, 2, 3), {"c": 1}),
    (plain, (1, 2, 3), {"x": 1}),
    (plain, (1,), {"x": 1}),
    (plain, (1,), {"a": 1}),
    (plain, (), {"b": 1}),
    (positional, (1, 2), {}),
    (positional, (1,), {"b": 2}),
    (positional, (), {"a": 1, "b": 2}),
    (rest, (1,), {}),
    (rest, (1, 2, 3), {}),
    (rest, (), {}),
    (rest, (1, 2), {"a": 1}),
    (without_defaults, (), {}),
    (without_defaults, (1,), {}),
    (without_defaults, (1, 2), {}),
    (without_defaults, (1, 2, 3), {}),
    (without_defaults, (1, 2, 3, 4), {}),
    (without_defaults, (1, 2, 3), {"d": 4}),
]


@pytest.mark.parametrize(("function", "arguments", "keywords"), CALLS)
def test_arguments_are_bound_as_python_binds_them(function, arguments, keywords):
    def outcome(callable):
        try:
            return callable(*arguments, **keywords)
        except TypeError as error:
            return str(error)

    assert outcome(njit(function)) == outcome(function)


@njit
def add(a, b):
    return a + b


class Holder:
    add = staticmethod(add)

    @staticmethod
    @njit
    def outer(x):
        return x + 1

    @njit
    @staticmethod
    def inner(x):
        return x + 2


@pytest.mark.parametrize("keywords", [{"b": 2}, {"c": 3}, {}])
def test_further_keywords_are_not_compiled(keywords):
    def further(a, *rest, b=1, **others):
        return a + b

    with pytest.raises(numir.errors.UnsupportedError, match=r"parameter `\*\*others` is not compiled"):
        njit(further)(1, **keywords)


def test_where_a_compiled_function_stands():
    assert Holder.add(1, 2) == Holder().add(1, 2) == 3
    assert Holder.outer(1) == 2 and Holder().inner(1) == 3
    assert functools.partial(add, 1)(2) == 3
    assert list(map(add, [1, 2], [3, 4])) == [4, 6]
    assert functools.reduce(add, [1, 2, 3]) == 6


def test_a_method_is_bound():
    class Vector(np.ndarray):
        total = njit(lambda self, scale: self[0] * scale)

    vector = np.arange(1.0, 4.0).view(Vector)
    assert vector.total(3) == 3
    assert Vector.total(vector, 3) == 3


def test_what_a_compiled_function_says_of_itself():
    compiled = njit(plain)
    assert compiled.__wrapped__ is plain and compiled.py_func is plain
    assert inspect.signature(compiled) == inspect.signature(plain)
    assert (compiled.__name__, compiled.__qualname__, compiled.__module__) == ("plain", "plain", __name__)
    assert compiled.__doc__ == "What it says."
    assert add.__doc__ is None
    assert inspect.getsource(compiled) == inspect.getsource(plain)


def test_a_function_whose_decorator_renamed_it():
    def traced(function):
        @functools.wraps(function)
        def inner(x):
            return x + 1

        return inner

    assert njit(traced(lambda y: y))(1) == 2


@pytest.mark.parametrize("thing", [len, functools.partial(plain, 1), Holder, MethodType(plain, 1), 5], ids=str)
def test_what_is_no_function_is_refused(thing):
    with pytest.raises(TypeError):
        njit(thing)(1)


def test_one_compilation_for_many_threads(monkeypatch):
    from numir import _source

    located = []
    monkeypatch.setattr(
        _source, "locate", lambda function, locate=_source.locate: (located.append(1), locate(function))[1]
    )
    compiled = njit(plain)
    barrier = threading.Barrier(16)

    def call():
        barrier.wait()
        return compiled(1)

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        results = [future.result() for future in [pool.submit(call) for _ in range(16)]]
    assert set(results) == {plain(1)}
    assert len(located) == len(compiled.signatures) == 1


def test_a_long_loop_leaves_the_interpreter_to_others():
    @njit
    def spin(n):
        total = 0.0
        for i in range(n):
            total += 1.0 / (i + 1.0) * total
        return total

    spin(10)
    count, ticks = 50_000_000, []
    thread = threading.Thread(target=spin, args=(count,))
    thread.start()
    while thread.is_alive():
        ticks.append(time.perf_counter())
        time.sleep(0.001)
    thread.join()
    assert len(ticks) > 5
    began = time.perf_counter()
    spin(count)
    alone = time.perf_counter() - began
    threads = [threading.Thread(target=spin, args=(count,)) for _ in range(2)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"two at once take {(time.perf_counter() - began) / alone:.2f} times as long as one")


def finished(pid, seconds=60):
    """The exit status of a child; it is killed when it hangs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return "hangs"


def forked(work):
    """The exit status of a child that does some work: 0 if it is true."""
    pid = os.fork()
    if pid == 0:
        status = 2
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return pid


def compile_anew(number):
    return njit(lambda x: x * number + 1)(2) == 2 * number + 1


def test_forks_while_another_thread_compiles():
    compile_anew(1)

    def work():
        for number in range(100, 160):
            compile_anew(number)

    thread = threading.Thread(target=work)
    thread.start()
    outcomes = []
    while thread.is_alive():
        outcomes.append(finished(forked(lambda: compile_anew(7))))
    thread.join()
    assert len(outcomes) > 3 and set(outcomes) == {0}


@njit
def total(n):
    sum = 0
    for i in prange(n):
        sum += i
    return sum


def test_parallel_loops_on_both_sides_of_a_fork():
    assert total(1000) == 499500
    pid = forked(lambda: total(1000) == 499500 and compile_anew(8))
    assert total(1000) == 499500 and compile_anew(9)
    assert finished(pid) == 0
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(total, [10, 100]) == [45, 4950]


def test_the_number_of_threads():
    launched = numir.get_num_threads()
    try:
        numir.set_num_threads(1)
        assert numir.get_num_threads() == 1 and total(1000) == 499500
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            assert pool.submit(numir.get_num_threads).result() == launched
    finally:
        numir.set_num_threads(launched)
    for count in (0, launched + 1, 10**6):
        with pytest.raises(ValueError, match="number of threads"):
            numir.set_num_threads(count)
    assert numir.get_thread_id() == 0
    assert numir.config.NUMBA_NUM_THREADS == launched and numir.threading_layer() == "numir"


def test_the_size_of_chunks_is_kept():
    assert numir.get_parallel_chunksize() == 0
    with numir.parallel_chunksize(8):
        assert numir.get_parallel_chunksize() == 8 and total(1000) == 499500
    assert numir.set_parallel_chunksize(4) == 0
    assert numir.set_parallel_chunksize(0) == 4
