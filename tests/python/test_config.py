"""The environment variables, their page, the errors' names, and numir in the place of Numba."""

import os
import pathlib
import subprocess
import sys
import warnings

import numir
import pytest
from numir import config, errors

ROOT = pathlib.Path(__file__).parents[2]


def test_the_page_is_made_from_the_table():
    page = ROOT / "docs/environment.md"
    if os.environ.get("NUMIR_BLESS") == "1":
        page.write_text(config.table())
    assert page.read_text() == config.table()


def test_the_table_has_every_variable_that_the_sources_read():
    import re

    sources = [*ROOT.glob("crates/*/src/**/*.rs"), *ROOT.glob("python/numir/**/*.py")]
    read = {name for path in sources for name in re.findall(r'"NUMIR_([A-Z_]+)"', path.read_text())}
    assert read - {"BLESS"} <= {name for name, *_ in config.VARIABLES}


def test_reading(monkeypatch):
    monkeypatch.setenv("NUMIR_DISABLE_JIT", "yes")
    monkeypatch.setenv("NUMIR_NUM_THREADS", "3")
    monkeypatch.setenv("NUMIR_BOUNDSCHECK", "0")
    config.reload()
    assert (config.DISABLE_JIT, config.NUM_THREADS, config.BOUNDSCHECK) == (True, 3, False)
    monkeypatch.undo()
    config.reload()


def test_what_cannot_be_read_is_warned_about(monkeypatch):
    monkeypatch.setenv("NUMIR_NUM_THREADS", "many")
    with pytest.warns(errors.NumbaInvalidConfigWarning, match="NUMIR_NUM_THREADS='many'"):
        config.reload()
    assert config.NUM_THREADS is None
    monkeypatch.undo()
    config.reload()


def test_errors_have_numbas_names_and_bases():
    theirs = pytest.importorskip("numba.core.errors", reason="Numba is not installed")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kinds = {name: kind for name, kind in vars(theirs).items() if isinstance(kind, type)}
    kinds = {name: kind for name, kind in kinds.items() if issubclass(kind, Exception) and not name.startswith("_")}
    assert len(kinds) > 40
    for name, kind in kinds.items():
        bases = [base.__name__ for base in kind.__mro__]
        assert set(bases) <= {base.__name__ for base in getattr(errors, name).__mro__}
        assert getattr(numir, name) is getattr(errors, name)


def test_core_has_the_same_modules():
    import numir.core.errors
    from numir.core import types

    assert numir.core.errors is errors and types is numir.types


SCRIPT = """
import sys
import numba
import numba.core.errors
from numba import njit, prange, types
from numba.core import errors
from numba.core.errors import TypingError
from numba.np.numpy_support import from_dtype
assert numba.__name__ == "numir" and TypingError is errors.TypingError is numba.errors.TypingError
import numba.cuda
from numba import cuda
assert numba.cuda is cuda and cuda.__name__ == "numir.cuda"
try:
    from numba import typed
except ImportError as error:
    print(error)
try:
    numba.jitclass
except AttributeError as error:
    print(error)
print(njit(lambda x: x + 1)(1), sys.argv[1:], __name__, types.float64[:], from_dtype("f4"))
"""


def test_numir_in_the_place_of_numba(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, "-m", "numir.as_numba", str(script), "a", "-b"]
    environment = {"PYTHONPATH": str(pathlib.Path(numir.__file__).parents[1]), "NUMIR_DISABLE_JIT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "numir has no module for numba.typed: compiled code has no lists and dicts yet: use arrays, or tuples",
        "module 'numir' has no attribute 'jitclass': compiled code has no classes yet: pass arrays, tuples or named tuples",
        "2 ['a', '-b'] __main__ array(float64, 1d, A) float32",
    ]


def test_the_command_is_the_module():
    command = pathlib.Path(sys.executable).with_name("numir")
    outputs = [
        subprocess.run([*start, "cache", "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
        for start in ([command], [sys.executable, "-m", "numir"])
    ]
    assert outputs[0] == outputs[1] and outputs[0].startswith("usage: numir cache")
