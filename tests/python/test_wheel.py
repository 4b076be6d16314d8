"""The libraries of the package, as `make build` has put them there: a wheel has the same."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numir
import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import portable  # noqa: E402

PACKAGE = Path(numir.__file__).parent
COMPILER = PACKAGE / "libnumir.so"
EXTENSION = PACKAGE / f"_numir{sysconfig.get_config_var('EXT_SUFFIX')}"


@pytest.mark.parametrize("library", [COMPILER, EXTENSION], ids=["compiler", "extension"])
def test_machines_of_the_tag_have_all_that_a_library_needs(library):
    assert portable.shortcomings(library) == []


def test_the_compiler_shows_its_interface_only():
    assert portable.shown(COMPILER) == ["numir_compile", "numir_version"]


def test_the_extension_shows_nothing_of_other_libraries():
    ours = ("PyInit__numir", "numir_", "__jit_debug_")
    assert [name for name in portable.shown(EXTENSION) if not name.startswith(ours)] == []


def _compiled(folder, source, *options):
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    target = folder / "library.so"
    (folder / "library.c").write_text(source)
    command = ["cc", "-shared", "-fPIC", "-nostdlib", "-o", target, folder / "library.c", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"cc does not link: {done.stderr}")
    return target


def test_a_library_of_another_machine_is_told(tmp_path):
    other = tmp_path / "libother.so"
    _compiled(tmp_path, "int other;").replace(other)
    library = _compiled(tmp_path, "extern int other; int *f(void) { return &other; }", other)
    assert portable.shortcomings(library) == [f"needs {other}"]


def test_a_function_of_a_newer_c_library_is_told(tmp_path):
    library = _compiled(tmp_path, "unsigned arc4random(void); unsigned f(void) { return arc4random(); }", "-lc")
    assert portable.shortcomings(library) == ["needs GLIBC_2.36"]
