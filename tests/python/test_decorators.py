"""The decorators without a compiler: forms, options, refusals; what they pass on is seen by a dispatcher put in its place."""

import os
import pathlib
import subprocess
import sys
import types as python_types

import numir
import pytest
from numir import config, errors
from numir.options import Options


def plain(x):
    return x


@pytest.fixture
def made(monkeypatch):
    """What `numir.dispatcher.make` is called with."""
    calls = []
    stand_in = python_types.ModuleType("numir.dispatcher")
    stand_in.Dispatcher = type("Dispatcher", (), {})
    stand_in.make = lambda function, options, signatures=(): calls.append((function, options, signatures)) or function
    monkeypatch.setitem(sys.modules, "numir.dispatcher", stand_in)
    monkeypatch.setattr(numir, "dispatcher", stand_in, raising=False)
    monkeypatch.setattr(config, "DISABLE_JIT", False)
    return calls


@pytest.mark.parametrize("decorator", [numir.njit, numir.jit])
def test_forms(made, decorator):
    one = numir.float64(numir.float64)
    decorator(plain)
    decorator()(plain)
    decorator(parallel=True)(plain)
    decorator("f8(f8)")(plain)
    decorator(["f8(f8)", one])(plain)
    decorator((numir.float64,), cache=True)(plain)
    decorator(one)(plain)
    assert [len(signatures) for _, _, signatures in made] == [0, 0, 0, 1, 2, 1, 1]
    assert [function for function, _, _ in made] == [plain] * 7
    assert made[2][1] == Options(parallel=True) and made[5][1] == Options(cache=True)


TAKEN = [
    ({"nopython": True}, Options()),
    ({"fastmath": True}, Options(fastmath=frozenset(("fast",)))),
    ({"fastmath": {"nnan", "nsz"}}, Options(fastmath=frozenset(("nnan", "nsz")))),
    ({"boundscheck": None}, Options()),
    ({"boundscheck": False}, Options(boundscheck=False)),
    ({"error_model": "numpy"}, Options(error_model="numpy")),
    ({"inline": "always"}, Options(inline="always")),
    ({"locals": {"x": numir.int32}}, Options(locals={"x": numir.int32})),
    ({"forceobj": False, "looplift": False, "target": "cpu", "no_cpython_wrapper": True}, Options()),
]


@pytest.mark.parametrize(("given", "options"), TAKEN, ids=[str(given) for given, _ in TAKEN])
def test_options(made, given, options):
    numir.njit(**given)(plain)
    assert made == [(plain, options, ())]


REFUSED = [
    ({"parralel": True}, TypeError, "did you mean 'parallel'"),
    ({"zzz": True}, TypeError, "unexpected keyword argument 'zzz'$"),
    ({"fastmath": {"nnan", "quick"}}, ValueError, "quick"),
    ({"fastmath": "yes"}, ValueError, "set of flags"),
    ({"error_model": "c"}, ValueError, "'python' or 'numpy'"),
    ({"inline": "maybe"}, ValueError, "'never' or 'always'"),
    ({"inline": lambda *_: True}, errors.UnsupportedError, "say 'always'"),
    ({"parallel": "yes"}, TypeError, "True or False"),
    ({"forceobj": True}, errors.UnsupportedError, "no object mode"),
    ({"looplift": True}, errors.UnsupportedError, "no object mode"),
    ({"pipeline_class": int}, errors.UnsupportedError, "passes"),
    ({"target": "rocm"}, errors.UnsupportedError, "'cuda'"),
    ({"argtypes": ()}, errors.DeprecationError, "signature"),
]


@pytest.mark.parametrize(("given", "kind", "said"), REFUSED, ids=[str(list(given)) for given, _, _ in REFUSED])
def test_options_that_are_refused(made, given, kind, said):
    with pytest.raises(kind, match=said):
        numir.njit(**given)
    assert made == []


def test_nopython_false_is_warned_about(made):
    with pytest.warns(errors.NumbaDeprecationWarning):
        numir.jit(nopython=False)


@pytest.mark.parametrize("thing", [int, len, 3.5])
def test_what_is_no_function(made, thing):
    with pytest.raises(TypeError):
        numir.njit(thing)


def test_disabled_gives_the_function(monkeypatch):
    monkeypatch.setattr(config, "DISABLE_JIT", True)
    assert numir.njit(plain) is plain
    assert numir.jit("f8(f8)", parallel=True)(plain) is plain


def test_names_outside_of_compiled_code():
    assert list(numir.prange(1, 7, 2)) == [1, 3, 5]
    assert numir.literal_unroll((1, "a")) == (1, "a")
    assert numir.register_jitable(plain) is plain
    assert numir.register_jitable(inline="always")(plain) is plain
    with numir.objmode(y="float64"):
        y = 2.5
    assert y == 2.5


def run(code, **environment):
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(numir.__file__).parents[1]), **environment}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout


def test_disabled_needs_no_extension_module():
    code = (
        "import sys; sys.modules['numir._numir'] = None\n"
        "import numir\n"
        "f = numir.njit(parallel=True)(lambda x: x + 1)\n"
        "print(f(1), numir.get_num_threads(), numir.float64(2), numir.TypingError.__name__)"
    )
    assert run(code, NUMIR_DISABLE_JIT="1") == "2 1 2.0 TypingError\n"


def test_importing_loads_little():
    code = (
        "import numpy, sys; before = set(sys.modules)\n"
        "import numir\n"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('numir')))\n"
        "print([name for name in ('dispatcher', '_numir', 'errors', 'signatures', 'ufuncs') if 'numir.' + name in sys.modules])"
    )
    assert run(code) == "[]\n[]\n"


def test_a_call_does_not_load_what_it_has_no_use_for():
    code = (
        "import numpy, sys\n"
        "from numir import njit\n"
        "@njit\n"
        "def f(a, x):\n"
        "    return a.sum() + x\n"
        "print(f(numpy.ones(3), 1.0), [name for name in ('numpy.random', 'random') if name in sys.modules])"
    )
    assert run(code) == "4.0 []\n"
