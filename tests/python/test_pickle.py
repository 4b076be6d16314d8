"""Compiled functions in other processes: pickled by name or by value, by pickle, cloudpickle and joblib, forked and spawned."""

import copy
import os
import pickle
import subprocess
import sys
import textwrap

import cloudpickle
import numpy as np
import pytest
from numir import guvectorize, njit, vectorize


@njit
def named(x):
    return x + 1


class Methods:
    """What is found by more than one name."""

    @staticmethod
    @njit
    def inner(x):
        return x * 2


FACTOR = 3
TABLE = np.array([10.0, 20.0])


def plain(x):
    return x * FACTOR


def make(n):
    @njit
    def f(x, y=2):
        """Adds."""
        return plain(x) + n + y + named(0)

    return f


def test_by_name():
    data = pickle.dumps(named)
    assert pickle.loads(data) is named
    assert len(data) < 100
    assert pickle.loads(pickle.dumps(Methods.inner)) is Methods.inner
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(named, protocol)) is named


def test_what_comes_back_is_the_function():
    f = make(5)
    assert pickle.loads(pickle.dumps(f)) is f
    assert pickle.loads(pickle.dumps((f, make(6))))[0] is f


def test_copies_are_the_function():
    f = make(5)
    assert copy.copy(f) is f
    assert copy.deepcopy({"f": f})["f"] is f


# Functions that go by value, with what they refer to, as a program's own. `f` is what goes; the expression is evaluated before and after.
BY_VALUE = {
    "a global": ("K = 3\n@njit\ndef f(x):\n    return x * K", "f(2)"),
    "a module": ("import math as m\n@njit\ndef f(x):\n    return m.floor(x) + np.sqrt(x)", "f(6.25)"),
    "a plain function": ("def g(x):\n    return x + 1\n@njit\ndef f(x):\n    return g(x) * 2", "f(2)"),
    "a compiled function": ("@njit\ndef g(x):\n    return x + 1\n@njit\ndef f(x):\n    return g(x) * 2", "f(2)"),
    "a function of a function": (
        "K = 5\ndef h(x):\n    return x + K\ndef g(x):\n    return h(x)\n@njit\ndef f(x):\n    return g(x)",
        "f(2)",
    ),
    "itself": ("@njit\ndef f(n):\n    return 1 if n < 2 else n * f(n - 1)", "f(5)"),
    "one another": (
        "def g(n):\n    return True if n == 0 else f(n - 1)\n@njit\ndef f(n):\n    return False if n == 0 else g(n - 1)",
        "(f(7), f(8))",
    ),
    "a plain one, itself": (
        "def g(n):\n    return 0 if n == 0 else n + g(n - 1)\n@njit\ndef f(n):\n    return g(n)",
        "f(4)",
    ),
    "a closure": ("def make(n):\n    return njit(lambda x: x + n)\nf = make(10)", "f(2)"),
    "a closure over functions": (
        "def make(g, t):\n    @njit\n    def f(x):\n        return g(x) + t[0](x)\n    return f\n"
        "f = make(lambda x: x * 2, (njit(lambda x: x + 3), 1))",
        "f(2)",
    ),
    "an array": ("A = np.array([1.0, 2.0])\n@njit\ndef f(i):\n    A[0] += 1\n    return A[0] + i", "f(2)"),
    "an inner function": ("K = 3\n@njit\ndef f(x):\n    def g(y):\n        return y * K\n    return g(x)", "f(2)"),
    "lambdas on one line": ("fs = njit(lambda x: x + 1), njit(lambda x: x * 7); f = fs[1]", "f(3)"),
    "defaults": ("@njit\ndef f(x, y=4, *, z=5):\n    return x + y * z", "(f(1), f(1, 2), f(1, z=0))"),
    "annotations": ("kind = np.float32\n@njit\ndef f(x: float):\n    y: kind = x\n    return y", "f(1.1)"),
    "quoted annotations": ("kind = np.float32\n@njit\ndef f(x):\n    y: 'kind' = x\n    return y", "f(1.1)"),
    "options": ("@njit(error_model='numpy', parallel=True)\ndef f(x):\n    return 1.0 / x", "f(np.float64(0.0))"),
    "declared types": ("@njit('float64(float64)')\ndef f(x):\n    return x / 2", "(f(3), len(f.signatures))"),
    "its names": (
        "@njit\ndef f(x):\n    'Its text.'\n    return x",
        "(f.__name__, f.__qualname__, f.__doc__, f.py_func.__doc__, f.options)",
    ),
    "the lines of errors": (
        "import traceback\n@njit\ndef f(x):\n    return 1 // x\n"
        "def lines():\n    try:\n        f(0)\n    except ZeroDivisionError as e:\n"
        "        return [(s.name, s.line) for s in traceback.extract_tb(e.__traceback__)][-1]",
        "show(f)",
    ),
    "a ufunc": ("@vectorize\ndef f(x, y):\n    return x + y", "f(np.arange(2), 1).tolist()"),
}
PRELUDE = """
import pickle, sys, traceback
import numpy as np
def show(f):
    try:
        f(0)
    except ZeroDivisionError as e:
        return [(s.name, s.lineno, s.line) for s in traceback.extract_tb(e.__traceback__)][-1]
"""
SENDER = PRELUDE + "from numir import njit, vectorize\n"
RECEIVER = PRELUDE + "f = pickle.load(sys.stdin.buffer)\nprint({})\n"


def both(tmp_path, text, expression, pickler="pickle"):
    """What an expression gives in the program that defines `f`, and in another that gets it pickled."""
    path = tmp_path / "sender.py"
    sender = f"{SENDER}{text}\nimport {pickler}\ndata = {pickler}.dumps(f)\nprint({expression}, file=sys.stderr)\n"
    path.write_text(sender + "sys.stdout.buffer.write(data)\n")
    sent = subprocess.run([sys.executable, str(path)], capture_output=True, timeout=120, check=False)
    assert sent.returncode == 0, sent.stderr.decode()
    # The source is not there any more.
    path.unlink()
    program = RECEIVER.format(expression)
    got = subprocess.run(
        [sys.executable, "-c", program], input=sent.stdout, capture_output=True, timeout=120, check=False
    )
    assert got.returncode == 0, got.stderr.decode()
    return sent.stderr.decode(), got.stdout.decode()


@pytest.mark.parametrize("case", BY_VALUE)
def test_by_value(tmp_path, case):
    here, there = both(tmp_path, *BY_VALUE[case])
    assert here == there


@pytest.mark.parametrize("case", ["a plain function", "itself", "a closure over functions", "declared types"])
def test_cloudpickle(tmp_path, case):
    here, there = both(tmp_path, *BY_VALUE[case], pickler="cloudpickle")
    assert here == there


def test_names_that_are_not_used_stay(tmp_path):
    text = "import threading\nlock = threading.Lock()\nsize = lock\n@njit\ndef f(a):\n    return a.size"
    here, there = both(tmp_path, text, "f(np.ones(3))")
    assert here == there == "3\n"


def test_declared_types_stay_the_only_ones(tmp_path):
    text = "@njit('int64(int64)')\ndef f(x):\n    return x"
    with pytest.raises(AssertionError, match="No matching definition of f"):
        both(tmp_path, text, "f(1) if 'sender' in sys.argv[0] else f('text')")


def test_declared_types_of_functions_stay_here(tmp_path):
    text = "def g(x):\n    return x\n@njit\ndef f(h, x):\n    return x\n"
    text += "f(g, 1)\nf(2, 1)\nf.disable_compile()"
    assert both(tmp_path, text, "len(f.signatures)") == ("2\n", "1\n")


def test_a_function_that_comes_again_is_compiled_once(tmp_path):
    text = "@njit\ndef f(x):\n    return x"
    again = "(f(1), pickle.loads(pickle.dumps(f)) is f, len(f.signatures))"
    assert both(tmp_path, text, again) == ("(1, True, 1)\n",) * 2


def test_the_other_process_finds_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMIR_CACHE_DIR", str(tmp_path / "cache"))
    text = "@njit(cache=True)\ndef f(x):\n    return (\n        x\n    )\n\n# end\nafter = 1"
    assert both(tmp_path, text, "(f(1), sum(f.stats.cache_hits.values()))") == ("(1, 0)\n", "(1, 1)\n")


def test_another_python():
    from numir import _pickle

    with pytest.raises(pickle.UnpicklingError, match="another version of Python"):
        _pickle._function((b"older", b""), (1, []), "f", None, {})


def test_lines_join_what_is_known():
    import linecache

    from numir import _source

    _source.provide("<numir test>", 3, ["c\n", "d\n"])
    _source.provide("<numir test>", 1, ["a\n"])
    assert linecache.getlines("<numir test>") == ["a\n", "\n", "c\n", "d\n"]
    del linecache.cache["<numir test>"]


# Programs that hand functions to processes of several kinds.
POOLS = {
    "spawn": "import multiprocessing as m\nwith m.get_context('spawn').Pool(2) as pool:\n    print(run(pool.map))",
    "fork": "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as pool:\n    print(run(pool.map))",
    "forkserver": "import multiprocessing as m\nwith m.get_context('forkserver').Pool(2) as pool:\n    print(run(pool.map))",
    "futures": (
        "import multiprocessing as m\nfrom concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor(2, mp_context=m.get_context('spawn')) as pool:\n"
        "    print(run(lambda f, items: list(pool.map(f, items))))"
    ),
    "joblib": (
        "import joblib\nprint(run(lambda f, items: joblib.Parallel(n_jobs=2)(joblib.delayed(f)(i) for i in items)))"
    ),
}
PROGRAM = """
from numir import njit
from module import imported
K = 2
def plain(x):
    return x + K
@njit
def own(x):
    return plain(x) * 10
def make(n):
    return njit(lambda x: x + n)
def run(map):
    return map(own, range(3)), map(make(5), range(3)), map(imported, range(3))
if __name__ == "__main__":
"""


@pytest.mark.parametrize("kind", POOLS)
def test_pools(tmp_path, kind):
    (tmp_path / "module.py").write_text("from numir import njit\n@njit\ndef imported(x):\n    return x * x\n")
    (tmp_path / "program.py").write_text(PROGRAM + textwrap.indent(POOLS[kind], "    "))
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, sys.path)), PYTHONWARNINGS="ignore")
    command = [sys.executable, str(tmp_path / "program.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "([20, 30, 40], [5, 6, 7], [0, 1, 4])\n"


def ufuncs():
    """Ufuncs of all kinds, to which no name leads."""

    @vectorize
    def on_demand(x, y):
        return x + y

    @vectorize(["float64(float64, float64)", "int64(int64, int64)"], identity=0)
    def declared(x, y):
        return x + y

    @guvectorize("(n),()->(n)")
    def rows_on_demand(x, y, out):
        for i in range(x.size):
            out[i] = x[i] + y

    @guvectorize(["(float64[:], float64, float64[:])"], "(n),()->(n)", target="parallel")
    def rows(x, y, out):
        for i in range(x.size):
            out[i] = x[i] + y

    return on_demand, declared, rows_on_demand, rows


@pytest.mark.parametrize("pickler", [pickle, cloudpickle], ids=["pickle", "cloudpickle"])
def test_ufuncs_by_value(pickler):
    for ufunc in ufuncs():
        text = pickler.dumps(ufunc)
        again = pickler.loads(text)
        # A task that comes again is not compiled again.
        assert pickler.loads(text) is again and type(again) is type(ufunc)
        assert again(np.arange(2.0), 1.0, np.empty(2)).tolist() == [1.0, 2.0]
        assert again.types == (ufunc.types or ["dd->d"])
    assert pickle.loads(pickle.dumps(np.add)) is np.add


def test_ufuncs_in_another_process(tmp_path):
    text = (
        "from numir import vectorize\n@vectorize(['float64(float64)'])\ndef twice(x):\n    return 2 * x\n"
        "@njit\ndef f(a):\n    return twice(a).sum()"
    )
    here, there = both(tmp_path, text, "f(np.ones(3))")
    assert here == there
