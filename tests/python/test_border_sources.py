"""Where the source of a function comes from: files, cells, the command line; and what is said where there is none."""

import linecache
import os
import py_compile
import subprocess
import sys
import zipfile

import pytest

TEXT = "from numir import njit\n@njit\ndef f(x):\n    return x + 1\n"
MISSING = "numir.errors.UnsupportedError: the source of f() cannot be found"


def python(*arguments, folder, **options):
    """The output of a Python process, and its errors."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path))
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        **options,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout, done.stderr


def test_the_command_line(tmp_path):
    assert python("-c", TEXT + "print(f(1))", folder=tmp_path)[0] == "2\n"
    assert python("-c", "from numir import njit; f = njit(lambda x: x + 1)\nprint(f(1))", folder=tmp_path)[0] == "2\n"


def test_standard_input(tmp_path):
    path = tmp_path / "program"
    path.write_text(TEXT + "print(f(1))")
    with path.open() as file:
        assert python("-", folder=tmp_path, stdin=file)[0] == "2\n"
    output, errors = python("-", folder=tmp_path, input=TEXT + "f(1)")
    assert MISSING in errors and '"<stdin>", line 2, in f' in errors


def test_exec(tmp_path):
    known = (
        f"import linecache; t = {TEXT!r}; linecache.cache['<cell>'] = (len(t), None, t.splitlines(True), '<cell>')\n"
    )
    assert python("-c", known + "exec(compile(t, '<cell>', 'exec')); print(f(1))", folder=tmp_path)[0] == "2\n"
    assert MISSING in python("-c", f"exec({TEXT!r}); f(1)", folder=tmp_path)[1]


def test_an_interactive_session(tmp_path):
    session = TEXT + "\nprint(f(1))\nprint('still alive')\n"
    output, errors = python("-i", "-q", folder=tmp_path, input=session)
    assert "still alive" in output
    # From 3.13 on Python remembers what was typed.
    assert "2\n" in output or MISSING in errors


def test_compiled_files(tmp_path):
    (tmp_path / "module.py").write_text(TEXT)
    py_compile.compile(tmp_path / "module.py", tmp_path / "moved.pyc")
    assert python("-c", "import moved; print(moved.f(1))", folder=tmp_path)[0] == "2\n"
    (tmp_path / "module.py").unlink()
    assert MISSING in python("-c", "import moved; moved.f(1)", folder=tmp_path)[1]


def test_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("module.py", TEXT)
    program = "import sys; sys.path.insert(0, 'archive.zip'); import module; print(module.f(1))"
    assert python("-c", program, folder=tmp_path)[0] == "2\n"


@pytest.mark.parametrize(
    "content",
    [
        "# coding: latin-1\nfrom numir import njit\n@njit\ndef f(é):\n    return é + 1\n".encode("latin-1"),
        b"from numir import njit\r\nif 1:\r\n\t@njit\r\n\tdef f(x):\r\n\t\treturn x + 1\r\n",
        "\ufefffrom numir import njit\n\x0c\n@njit\ndef f(x):\n    return x + 1".encode(),
    ],
    ids=["encoding", "tabs", "byte order mark"],
)
def test_files_of_all_kinds(tmp_path, content):
    (tmp_path / "module.py").write_bytes(content)
    assert python("-c", "import module; print(module.f(1))", folder=tmp_path)[0] == "2\n"


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module whose file the test changes."""
    import importlib

    path = tmp_path / "changing.py"
    path.write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "changing", raising=False)
    linecache.clearcache()
    return importlib.import_module("changing"), path


def test_a_file_that_has_changed_above_the_function(module):
    loaded, path = module
    path.write_text("# a new line\n\n" + TEXT)
    assert loaded.f(1) == 2


def test_a_function_that_has_changed_is_not_compiled_from_the_new_text(module):
    loaded, path = module
    path.write_text(TEXT.replace("x + 1", "x + 100"))
    import numir

    with pytest.raises(numir.errors.UnsupportedError, match="not what it was made from"):
        loaded.f(1)


def test_a_file_that_is_gone(module):
    loaded, path = module
    path.unlink()
    import numir

    with pytest.raises(numir.errors.UnsupportedError, match="cannot be found"):
        loaded.f(1)
