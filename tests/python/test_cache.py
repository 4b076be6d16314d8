"""Compiled functions on disk: what is found again, by which changes it is not, and files that cannot be read or written.

Each case runs a program in processes of its own, since a process keeps what it has compiled.
"""

import ctypes
import os
import resource
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

# Ends every program: what `show` collected of each function, so that a process says what it did.
PRELUDE = """
import numpy as np
from numir import njit, prange, vectorize
def show(f, *arguments):
    result = f(*arguments)
    stats = f.stats
    print(result, sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


class Program:
    """A program in a folder, run again and again."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, XDG_CACHE_HOME=str(folder / "home"), PYTHONDONTWRITEBYTECODE="1")
        self.environment.pop("NUMIR_CACHE_DIR", None)

    def write(self, text, name="program.py"):
        """Write a file; a change is seen whatever the clock says."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PRELUDE + textwrap.dedent(text))
        return path

    def start(self, name="program.py", **options):
        """A process of the program."""
        command = [sys.executable, "-W", "always", str(self.folder / name)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=self.environment, cwd=self.folder, **pipes, **options)

    def run(self, name="program.py", **options):
        """What the program prints, line by line; `errors` holds what it warned of."""
        return self.finish(self.start(name, **options))

    def finish(self, process):
        """Wait for a process that must succeed."""
        output, self.errors = process.communicate(timeout=120)
        assert process.returncode == 0, self.errors
        return output.splitlines()

    def entries(self, folder="."):
        """The files of the cache."""
        return sorted((self.folder / folder).rglob("*.numir"))

    def command(self, *arguments):
        """`python -m numir` in the folder."""
        command = [sys.executable, "-m", "numir", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def program(tmp_path):
    """A program in a folder of its own."""
    return Program(tmp_path)


TWICE = """
@njit(cache=True)
def twice(x):
    return x + x
"""


def test_a_second_process_compiles_nothing(program):
    program.write(TWICE + "show(twice, 21)\nprint('libnumir' in open('/proc/self/maps').read())")
    assert program.run() == ["42 0 1", "True"]
    assert program.run() == ["42 1 0", "False"]
    assert [path.parent.name for path in program.entries()] == ["__pycache__"]


def test_a_parallel_function(program):
    program.write(
        """
        @njit(cache=True, parallel=True)
        def total(a, b):
            result = 0.0
            for i in prange(a.shape[0]):
                for j in range(a.shape[1]):
                    result += np.sqrt(a[i, j]) * b[i]
            return result
        show(total, np.ones((10, 10)), np.ones(10))
        """
    )
    assert program.run() == ["100.0 0 1"]
    assert program.run() == ["100.0 1 0"]


def test_without_the_option_nothing_is_kept(program):
    program.write(TWICE.replace("cache=True", "") + "show(twice, 1)\nprint(twice.stats.cache_path)")
    assert program.run() == ["2 0 0", "None"]
    assert program.entries() == []


def test_an_entry_for_each_types(program):
    program.write(TWICE + "show(twice, 1)\nshow(twice, 1.5)")
    assert program.run() == ["2 0 1", "3.0 0 2"]
    assert program.run() == ["2 1 0", "3.0 2 0"]
    assert len(program.entries()) == 2


def test_stats_count_by_signature(program):
    program.write(TWICE + "twice(1); twice(1.5); s = twice.stats; print(s.cache_misses == {k: 1 for k in s}, len(s))")
    assert program.run() == ["True 2"]
    program.write(
        TWICE + "twice(1); twice(1.5); s = twice.stats; print(s.cache_hits == {k: 1 for k in s}, s.cache_path)"
    )
    assert program.run() == [f"True {program.folder / '__pycache__'}"]


def test_declared_signatures(program):
    program.write("@njit('int64(int64)', cache=True)\ndef f(x):\n    return x * 3\nshow(f, 2)")
    assert program.run() == ["6 0 1"]
    assert program.run() == ["6 1 0"]


def test_ufuncs(program):
    program.write(
        """
        @vectorize(["float64(float64)"], cache=True)
        def f(x):
            return x * 3
        print(f(np.arange(3.0)))
        print('libnumir' in open('/proc/self/maps').read())
        """
    )
    assert program.run() == ["[0. 3. 6.]", "True"]
    assert program.run() == ["[0. 3. 6.]", "False"]


@pytest.mark.parametrize(
    ("before", "after", "results"),
    [
        ("K = 2", "K = 3", (2, 3)),
        ("K = 0.0", "K = -0.0", (0.0, -0.0)),
        ("K = float('nan')", "K = float('nan')  # the same", ("nan", "nan")),
        ("K = (2, 3)[0]", "K = np.int8(2)", (2, 2)),
        ("K = np.arange(2, 5)[0]", "K = np.arange(3, 5)[0]", (2, 3)),
    ],
)
def test_a_global_that_is_asked_for(program, before, after, results):
    text = "K = 0\n@njit(cache=True)\ndef f(x):\n    return x * K\n{}\nshow(f, 1)"
    same = "nan" in results
    program.write(text.format(before))
    assert program.run() == [f"{results[0]} 0 1"]
    assert program.run() == [f"{results[0]} 1 0"]
    program.write(text.format(after))
    assert program.run() == [f"{results[1]} {int(same)} {int(not same)}"]
    # Both stay.
    program.write(text.format(before))
    assert program.run() == [f"{results[0]} 1 0"]


def test_a_global_that_is_not_asked_for(program):
    text = "OTHER = {}\n@njit(cache=True)\ndef f(x):\n    return x * 2\nshow(f, 1)"
    program.write(text.format(1))
    assert program.run() == ["2 0 1"]
    program.write(text.format("[1, 2]"))
    assert program.run() == ["2 1 0"]


def test_an_attribute_of_a_module(program):
    (program.folder / "settings.py").write_text("factor = 2\nother = 0\n")
    program.write("import settings\n@njit(cache=True)\ndef f(x):\n    return x * settings.factor\nshow(f, 1)")
    assert program.run() == ["2 0 1"]
    (program.folder / "settings.py").write_text("factor = 2\nother = 100\n")
    assert program.run() == ["2 1 0"]
    (program.folder / "settings.py").write_text("factor = 30\n")
    assert program.run() == ["30 0 1"]


def test_a_callee_in_another_file(program):
    program.write("@njit\ndef unused(x):\n    return x\n\ndef g(x):\n    return x + 1\n# end\n", "other.py")
    program.write("from other import g\n@njit(cache=True)\ndef f(x):\n    return g(x) * 2\nshow(f, 1)")
    assert program.run() == ["4 0 1"]
    # What else stands behind it does not matter.
    program.write("@njit\ndef unused(x):\n    return x\n\ndef g(x):\n    return x + 1\nAFTER = 1\n", "other.py")
    assert program.run() == ["4 1 0"]
    program.write("@njit\ndef unused(x):\n    return x\n\ndef g(x):\n    return x + 2\n", "other.py")
    assert program.run() == ["6 0 1"]


def test_the_callee_of_a_callee(program):
    program.write("def h(x):\n    return x + 1\n", "lowest.py")
    program.write("from lowest import h\ndef g(x):\n    return h(x)\n", "other.py")
    program.write("from other import g\n@njit(cache=True)\ndef f(x):\n    return g(x)\nshow(f, 1)")
    assert program.run() == ["2 0 1"]
    program.write("def h(x):\n    return x + 7\n", "lowest.py")
    assert program.run() == ["8 0 1"]


def test_another_function_under_the_same_name(program):
    text = "def g(x):\n    return x + 1\ndef h(x):\n    return x + 2\nused = {}\n"
    text += "@njit(cache=True)\ndef f(x):\n    return used(x)\nshow(f, 1)"
    program.write(text.format("g"))
    assert program.run() == ["2 0 1"]
    program.write(text.format("h"))
    assert program.run() == ["3 0 1"]


def test_the_own_text(program):
    program.write(TWICE + "show(twice, 1)")
    program.run()
    program.write(TWICE.replace("x + x", "x + x + 1") + "show(twice, 1)")
    assert program.run() == ["3 0 1"]


def test_the_last_line_goes_on(program):
    text = "@njit(cache=True)\ndef f(x):\n    return (\n        x +\n{}\n)\nshow(f, 1)"
    program.write(text.format("1"))
    assert program.run() == ["2 0 1"]
    program.write(text.format("5"))
    assert program.run() == ["6 0 1"]


def test_lambdas_on_one_line(program):
    program.write("fs = njit(cache=True)(lambda x: x + 1), njit(cache=True)(lambda x: x + 2)\nfor f in fs: show(f, 1)")
    assert program.run() == ["2 0 1", "3 0 1"]
    assert program.run() == ["2 1 0", "3 1 0"]


def test_closures(program):
    program.write(
        """
        def make(n):
            @njit(cache=True)
            def f(x):
                return x + n
            return f
        for n in 1, 2, 1:
            show(make(n), 10)
        """
    )
    assert program.run() == ["11 0 1", "12 0 1", "11 1 0"]
    assert program.run() == ["11 1 0", "12 1 0", "11 1 0"]


def test_a_function_as_a_closure(program):
    program.write(
        """
        def make(g):
            @njit(cache=True)
            def f(x):
                return g(x) + 1
            return f
        show(make(njit(lambda x: x * 2)), 10)
        show(make(njit(lambda x: x * 3)), 10)
        """
    )
    assert program.run() == ["21 0 1", "31 0 1"]
    assert program.run() == ["21 1 0", "31 1 0"]


FUNCTIONS = """
import math
@njit
def double(x):
    return x * 2
def triple(x):
    return x * 3
@njit(cache=True)
def apply(g, x):
    return g(x)
@njit(cache=True)
def both(gs, x):
    return gs[0](x) + gs[1](x)
"""


def test_functions_as_arguments(program):
    program.write(FUNCTIONS + "show(apply, double, 1)\nshow(apply, triple, 1)\nshow(apply, math.sqrt, 1)")
    assert [line.split()[0] for line in program.run()] == ["2", "3", "1.0"]
    # In another order they have other numbers in the process.
    program.write(FUNCTIONS + "show(apply, math.sqrt, 1)\nshow(apply, triple, 1)\nshow(apply, double, 1)")
    assert program.run() == ["1.0 1 0", "3 2 0", "2 3 0"]
    program.write(FUNCTIONS.replace("x * 3", "x * 4") + "show(apply, triple, 1)")
    assert program.run() == ["4 0 1"]


def test_functions_in_a_tuple(program):
    program.write(FUNCTIONS + "show(both, (double, triple), 1)\nshow(both, (double, double), 1)")
    assert program.run() == ["5 0 1", "4 0 2"]
    program.write(FUNCTIONS + "show(both, (double, double), 1)\nshow(both, (triple, double), 1)")
    assert program.run() == ["4 1 0", "5 1 1"]


def test_captured_arrays_are_those_of_now(program):
    text = "A = np.array({})\n@njit(cache=True)\ndef f(i):\n    A[0] += 1\n    return A[i]\nshow(f, 1)\nprint(A[0])"
    program.write(text.format("[5.0, 6.0]"))
    assert program.run() == ["6.0 0 1", "6.0"]
    program.write(text.format("[7.0, 8.0, 9.0]"))
    assert program.run() == ["8.0 1 0", "8.0"]
    program.write(text.format("[7, 8]"))
    assert program.run() == ["8 0 1", "8"]


def test_defaults(program):
    text = "@njit(cache=True)\ndef f(x, y=K):\n    return x + y\nshow(f, 1)"
    program.write("K = 1\n" + text)
    assert program.run() == ["2 0 1"]
    program.write("K = 5\n" + text)
    assert program.run() == ["6 0 1"]


@pytest.mark.parametrize("option", ["boundscheck=False", "error_model='numpy'"])
def test_options(program, option):
    # The decorator is not part of the definition's text here.
    text = "def f(a):\n    return a[0] / 2\nshow(njit(cache=True{})(f), np.ones(2))"
    program.write(text.format(""))
    assert program.run() == ["0.5 0 1"]
    program.write(text.format(", " + option))
    assert program.run() == ["0.5 0 1"]
    assert program.run() == ["0.5 1 0"]


def test_index_checks_from_the_environment(program):
    program.write(TWICE + "show(twice, 1)")
    program.run()
    program.environment["NUMIR_BOUNDSCHECK"] = "0"
    assert program.run() == ["2 0 1"]


def test_a_moved_function_shows_its_lines(program):
    text = "@njit(cache=True)\ndef f(x):\n    return 1 // x\nimport traceback\n"
    text += "try:\n    f(0)\nexcept ZeroDivisionError:\n    print(traceback.format_exc())\nshow(f, 1)"
    program.write(text)
    line = PRELUDE.count("\n") + 3
    for shift, found in (0, "1 0 1"), (0, "1 1 0"), (4, "1 0 1"):
        program.write("\n" * shift + text)
        output = program.run()
        assert f"line {line + shift}, in f" in "\n".join(output)
        assert "return 1 // x" in "\n".join(output)
        assert output[-1] == found


# A cell as IPython runs it: its text is known under a name that differs each time.
CELL = """
import linecache, sys, traceback
text = "@njit(cache=True)\\ndef f(x):\\n    return 10 // x\\n"
for number in {numbers}:
    name = {name}
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    exec(compile(text, name, "exec"))
    show(f, 1)
    try:
        f(0)
    except ZeroDivisionError:
        print([frame.filename == name for frame in traceback.extract_tb(sys.exc_info()[2])][-1])
"""


@pytest.mark.parametrize("name", ['f"<ipython-input-{number}-5f3>"', 'f"/tmp/ipykernel_{number}/123.py"'])
def test_cells_are_known_by_their_text(program, name):
    program.write(CELL.format(numbers=[1, 2], name=name))
    assert program.run() == ["10 0 1", "True", "10 1 0", "True"]
    program.write(CELL.format(numbers=[7], name=name))
    assert program.run() == ["10 1 0", "True"]
    assert len(program.entries("home")) == 1


def test_a_folder_of_its_own(program):
    program.environment["NUMIR_CACHE_DIR"] = str(program.folder / "kept")
    program.write(TWICE + "show(twice, 1)")
    assert program.run() == ["2 0 1"]
    assert program.run() == ["2 1 0"]
    assert len(program.entries("kept")) == 1 == len(program.entries())


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:10],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
        lambda content: content[:-300] + bytes([content[-300] ^ 0x80]) + content[-299:],
        lambda content: b"numir\0\x02\n" + content[8:],
        lambda content: content[:8] + b"\xff" * 16 + content[24:],
    ],
)
def test_damaged_files(program, damage):
    program.write(TWICE + "show(twice, 1)")
    program.run()
    (entry,) = program.entries()
    sound = entry.read_bytes()
    entry.write_bytes(damage(sound))
    assert program.run() == ["2 0 1"]
    assert program.errors == ""
    # It is written anew.
    assert program.run() == ["2 1 0"]


def test_processes_at_once(program):
    program.write(TWICE + "import sys\nsys.stdin.read()\nshow(twice, 1)\nshow(twice, 1.0)")
    processes = [program.start(stdin=subprocess.PIPE) for _ in range(4)]
    for process in processes:
        process.stdin.close()
        process.stdin = None
    for process in processes:
        results = [line.split()[0] for line in program.finish(process)]
        assert results == ["2", "2.0"]
        assert program.errors == ""
    program.write(TWICE + "import sys\nsys.stdin.read()\nshow(twice, 1)\nshow(twice, 1.0)")
    assert program.run(stdin=subprocess.DEVNULL) == ["2 1 0", "2.0 2 0"]
    assert len(list((program.folder / "__pycache__").iterdir())) == 2


def test_a_full_disk(program):
    program.write(TWICE + "show(twice, 1)")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    assert program.run(preexec_fn=limit) == ["2 0 1"]
    assert "NumbaWarning: twice() cannot be kept in the cache" in program.errors
    # Nothing half-written stays.
    assert [path for path in program.folder.rglob("*") if ".numir" in path.name] == []
    assert program.run() == ["2 0 1"]
    assert program.run() == ["2 1 0"]


def without_privilege():
    """Root writes everywhere; not so once this is taken from the process."""
    drop_from_bounding_set, write_everywhere = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, write_everywhere, 0, 0, 0)


def test_a_folder_that_cannot_be_written(program):
    options = {"preexec_fn": without_privilege}
    path = program.write(TWICE + "show(twice, 1)", "package/program.py")
    path.parent.chmod(0o555)
    # The user's folder takes its place,
    assert program.run("package/program.py", **options) == ["2 0 1"]
    assert len(program.entries("home")) == 1
    assert program.run("package/program.py", **options) == ["2 1 0"]
    assert program.errors == ""
    # and where that cannot be written either, nothing does.
    program.environment["XDG_CACHE_HOME"] = "/proc/nowhere"
    assert program.run("package/program.py", **options) == ["2 0 1"]
    assert program.errors.count("NumbaWarning: twice() cannot be kept in the cache") == 1
    path.parent.chmod(0o755)


def test_what_others_have_compiled_is_read_where_nothing_can_be_written(program):
    program.write(TWICE + "show(twice, 1)")
    program.run()
    (program.folder / "__pycache__").chmod(0o555)
    program.environment["XDG_CACHE_HOME"] = "/proc/nowhere"
    assert program.run(preexec_fn=without_privilege) == ["2 1 0"]
    (program.folder / "__pycache__").chmod(0o755)


def test_old_programs_give_way(program):
    program.write(
        """
        def make(n):
            return njit(cache=True)(lambda x: x + n)
        for n in range(40):
            make(n)(1)
        show(make(39), 1)
        """
    )
    assert program.run() == ["40 1 0"]
    assert len(program.entries()) == 32


def test_the_compilers_build(program):
    program.write(TWICE + "show(twice, 1)")
    program.run()
    # Another compiler, which is not opened: only the number that its linker gave it is read.
    import numir

    library = Path(numir.__file__).with_name("libnumir.so").read_bytes()
    note = library.index(b"\x03\0\0\0GNU\0") + 8
    other = program.folder / "libnumir.so"
    other.write_bytes(library[:note] + bytes([library[note] ^ 1]) + library[note + 1 :])
    program.environment["NUMIR_LIBRARY"] = str(other)
    assert program.run() == ["2 0 1"]
    assert program.run() == ["2 1 0"]
    assert len(program.entries()) == 2
    del program.environment["NUMIR_LIBRARY"]
    assert program.command("cache", "--prune").stdout.startswith("removed 1 of 2 files")
    assert program.run() == ["2 1 0"]


def test_a_compiler_that_is_replaced_under_way(program):
    import numir

    library = Path(numir.__file__).with_name("libnumir.so").read_bytes()
    program.environment["NUMIR_LIBRARY"] = str(program.folder / "libnumir.so")
    (program.folder / "libnumir.so").write_bytes(library)
    # Another build is another number in the note that the linker writes.
    note = library.index(b"\x03\0\0\0GNU\0") + 8
    (program.folder / "newer.so").write_bytes(library[:note] + bytes([library[note] ^ 1]) + library[note + 1 :])
    program.write(TWICE + "import os\nnjit(lambda: 0)()\nos.replace('newer.so', 'libnumir.so')\nshow(twice, 1)")
    # The older one has compiled it; the newer one must not be taken for that.
    assert program.run() == ["2 0 1"]
    assert program.entries() == []


def test_python_keeps_its_answers_only_for_what_was_compiled(program):
    program.write(
        "@njit(cache=True)\ndef f(x):\n    return x + missing\ntry:\n    f(1)\nexcept Exception as e:\n    print(type(e))"
    )
    assert "Error" in program.run()[0]
    assert program.entries() == []


def test_the_command_lists(program):
    program.write(TWICE + "twice(1)\ntwice(np.ones(3))")
    program.run()
    listed = program.command("cache").stdout.splitlines()
    assert listed[0].split() == ["function", "types", "size", "age", "place"]
    assert listed[-1].startswith("2 files, ")
    assert any("(int) -> int" in line for line in listed)
    assert any("(float64[::1]) -> float64[::1]" in line and "program.py:" in line for line in listed)
    elsewhere = program.folder / "elsewhere"
    elsewhere.mkdir()
    assert program.command("cache", str(elsewhere)).stdout.splitlines()[-1] == "0 files, 0.0 KiB"


def test_the_command_removes(program):
    path = program.write(TWICE + "twice(1)\ntwice(1.0)\ntwice(1j)")
    program.run()
    program.write(TWICE + "twice(1)", "gone.py")
    program.run("gone.py")
    folder = program.folder / "__pycache__"
    (folder / "twice.numir").write_text("not of the cache")

    def removed(*arguments):
        done = program.command("cache", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert removed("--prune").startswith("removed 0 of 4 files")
    (program.folder / "gone.py").unlink()
    assert removed("--prune").startswith("removed 1 of 4 files")
    first, second, third = sorted(path for path in program.entries() if path.name != "twice.numir")
    first.write_bytes(b"damaged")
    unfinished = folder / (second.name + ".1.0.new")
    unfinished.write_bytes(b"")
    assert removed("--prune").startswith("removed 1 of 4 files")
    os.utime(unfinished, (time.time() - 7200,) * 2)
    assert removed("--prune").startswith("removed 1 of 3 files")
    os.utime(second, (time.time() - 3 * 86400,) * 2)
    assert removed("--older-than", "4").startswith("removed 0 of 2 files")
    assert removed("--older-than", "2").startswith("removed 1 of 2 files")
    assert removed("--max-size", "1").startswith("removed 0 of 1 files")
    assert removed("--max-size", "0.001").startswith("removed 1 of 1 files")
    assert not third.exists()
    program.run()
    assert removed("--clear").startswith("removed 3 of 3 files")
    assert path.exists()
    assert (folder / "twice.numir").exists()


def test_the_environment_for_reports(program):
    program.environment["NUMIR_BOUNDSCHECK"] = "1"
    done = program.command("-s")
    assert done.returncode == 0
    said = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert said["NUMIR_BOUNDSCHECK"] == "1"
    assert said["extension"].endswith(".so")
    assert {"numir", "python", "numpy", "processor", "threads", "compiler", "cache"} <= said.keys()
