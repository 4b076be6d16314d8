"""`python -m numir annotate`: a page with a script's source and what the compiler made of it."""

import os
import pathlib
import subprocess
import sys
from html.parser import HTMLParser

import pytest

SCRIPT = """\
import sys

import numpy as np
from numir import njit, prange


@njit(parallel=True)
def total(values):
    result = 0.0
    for i in prange(len(values)):
        result += values[i] * 2
    return result


@njit
def less(a: "float64", b: "float64"):
    return a < b  # & what <b>is</b> escaped


if __name__ == "__main__":
    print("given", sys.argv[1:], total(np.arange(10.0)), total(np.arange(10)))
"""

VOID = {"meta", "input", "br", "link"}


class Page(HTMLParser):
    """The page's elements, and whether they are well nested."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text.append(data)


def annotate(folder, *arguments, script=SCRIPT, status=0):
    path = folder / "script.py"
    path.write_text(script)
    command = [sys.executable, "-m", "numir", "annotate", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=_environment())
    assert done.returncode == status, done.stderr
    return done


def _environment():
    folder = pathlib.Path(__file__).resolve().parents[2] / "python"
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("annotate")
    done = annotate(folder, "-o", "page.html", "script.py", "one", "--two")
    return done, (folder / "page.html").read_text()


def test_the_script_runs_with_its_arguments(ran):
    done, _ = ran
    assert done.stdout == "given ['one', '--two'] 90.0 90.0\n"
    assert done.stderr == "wrote page.html\n"


def test_the_page_stands_alone_and_is_well_formed(ran):
    _, text = ran
    page = Page(text)
    assert "script" not in page.tags
    assert not any({"src", "href"} & set(attributes) for _, attributes in page.attributes)
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme:dark" in text
    assert "# & what <b>is</b> escaped" in "".join(page.text)


def test_lines_have_numbers_types_and_remarks(ran):
    _, text = ran
    row = next(row for row in text.split("<tr")[1:] if "for i in prange" in row)
    assert 'id="L10"' in row
    assert "i: <i>int</i>" in row
    assert "the loop runs in parallel, reducing result (add)" in row
    assert "result: <i>float64</i>" in text


def test_each_specialisation_can_be_chosen(ran):
    _, text = ran
    radios = [attributes for tag, attributes in Page(text).attributes if tag == "input"]
    assert [radio["class"] for radio in radios] == ["r v0", "r v1"]
    assert "checked" in radios[0]
    assert ".r.v1:checked~.version.v1" in text


def test_functions_that_were_not_called_say_so(ran):
    _, text = ran
    assert "<b>less</b> was not compiled in this run" in text


def test_annotated_functions_are_compiled_without_running_the_program(tmp_path):
    done = annotate(tmp_path, "--compile-only", "script.py")
    assert done.stdout == ""
    text = (tmp_path / "script.html").read_text()
    assert "<b>less</b>(float, float) → bool" in text
    assert "<b>total</b> was not compiled" in text


def test_a_script_that_fails_still_gives_a_page(tmp_path):
    done = annotate(tmp_path, "script.py", script=SCRIPT + "    raise SystemExit(3)\n", status=3)
    assert "given" in done.stdout
    assert (tmp_path / "script.html").exists()
    done = annotate(tmp_path, "script.py", script=SCRIPT + "    1 // 0\n", status=1)
    assert "ZeroDivisionError" in done.stderr


def test_a_file_that_there_is_not(tmp_path):
    done = annotate(tmp_path, "other.py", status=2)
    assert "there is no file other.py" in done.stderr


def test_a_script_for_numba(tmp_path):
    script = SCRIPT.replace("from numir", "from numba")
    done = annotate(tmp_path, "--as-numba", "script.py", script=script)
    assert done.stdout == "given [] 90.0 90.0\n"
    assert "the loop runs in parallel" in (tmp_path / "script.html").read_text()
