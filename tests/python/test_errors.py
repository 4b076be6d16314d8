"""Bad input: one readable error with its place, exit code 1 (2 for usage), no panic, no half-written file."""

import os
import pathlib
import re
import signal
import subprocess

import pytest

from harness.runner import ROOT, binary

ERRORS = ROOT / "tests" / "errors"
FILES = sorted(ERRORS.glob("*.py"))
PRIMES = str(ROOT / "examples" / "primes.py")
SECONDS = 120


def numir(*arguments, folder=ERRORS / "data", **options):
    """Run the command."""
    command = [binary(), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=SECONDS, **options)


def header(file):
    """The fields in the first comments of a file; `{file}` stands for its path."""
    text = file.read_text().replace("{file}", str(file))
    return dict(re.findall(r"^# (\w+): (.*)$", text, re.MULTILINE))


def check_manners(result, code=1):
    """What holds for every error."""
    assert result.returncode == code, f"exit code {result.returncode}: {result.stderr[-500:]}"
    assert result.stderr.strip(), "nothing was said"
    for word in ("panicked", "RUST_BACKTRACE", "PLEASE submit a bug report", "Stack dump", "internal error"):
        assert word not in result.stderr, result.stderr
    assert len(result.stderr.splitlines()) <= 40, result.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_error(file: pathlib.Path):
    fields = header(file)
    result = numir("run", file, *fields["run"].split())
    check_manners(result)
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    traceback = lines[0].startswith("Traceback")
    headline = lines[-1] if traceback else lines[0]
    assert headline.startswith(fields["error"]), result.stderr
    if "line" in fields:
        places = re.findall(r'File ".*", line (\d+)' if traceback else r"--> .*?:(\d+):", result.stderr)
        assert places, result.stderr
        assert places[-1 if traceback else 0] == fields["line"], result.stderr
        source = file.read_text().splitlines()[int(fields["line"]) - 1].strip()
        assert source in result.stderr, "the line itself is shown"
    if "marks" in fields:
        assert marked(lines[:-1] if traceback else lines) == fields["marks"], result.stderr
    if "help" in fields:
        assert fields["help"] in result.stderr


def marked(lines):
    """What is underlined by the last carets of a traceback, by the first of a diagnostic."""
    places = [number for number, line in enumerate(lines) if re.fullmatch(r"[\s|^]*\^[\s|^-]*.*", line) and "^" in line]
    number = places[-1] if lines[0].startswith("Traceback") else places[0]
    start = lines[number].index("^")
    length = len(re.match(r"\^+", lines[number][start:]).group())
    return lines[number - 1][start : start + length].strip()


def test_every_kind_of_bad_input_is_there():
    kinds = {file.stem.split("_")[0] for file in FILES}
    assert kinds == {"syntax", "unsupported", "name", "import", "types", "argument", "raise"}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("run",),
        ("run", PRIMES),
        ("run", PRIMES, "count_primes", "10", "--nonsense"),
        ("run", PRIMES, "count_primes", "10", "-o", "primes.txt"),
        ("compile", PRIMES, "--emit", "wasm"),
    ],
    ids=" ".join,
)
def test_usage(arguments):
    check_manners(numir(*arguments), 2)


@pytest.mark.parametrize("name", ["missing.py", "."])
def test_program_that_cannot_be_read(name):
    check_manners(numir("run", name, "f"))


def test_program_that_is_not_text(tmp_path):
    file = tmp_path / "program.py"
    file.write_bytes(b"def f():\n    return '\xff\xfe'\n")
    check_manners(numir("run", file, "f"))


@pytest.mark.parametrize(
    "text",
    ["", "module {", "this is no module", "func.func @f() { return }}", 'module { "no.such"() : () -> () }', "\0\1\2"],
)
def test_malformed_module(tmp_path, text):
    file = tmp_path / "module.mlir"
    file.write_text(text)
    result = numir("compile", file, "--emit", "asm", folder=tmp_path)
    if text:
        check_manners(result)
    else:
        assert result.returncode in (0, 1)


def test_failing_function_writes_nothing(tmp_path):
    output = tmp_path / "result.npy"
    result = numir("run", ERRORS / "raise_dimensions.py", "f", "-1", "-o", output)
    check_manners(result)
    assert list(tmp_path.iterdir()) == []


def test_output_that_cannot_hold_the_result(tmp_path):
    for name in ("result.png", "result.npy", "missing/result.npy"):
        check_manners(numir("run", ROOT / "tests" / "programs" / "report.py", "values", "-o", tmp_path / name))
        assert not (tmp_path / name).exists()


def test_existing_output_survives_a_failure(tmp_path):
    output = tmp_path / "result.npy"
    output.write_text("precious")
    check_manners(numir("run", ERRORS / "raise_dimensions.py", "f", "-1", "-o", output))
    assert output.read_text() == "precious"


def test_deep_nesting_is_no_crash(tmp_path):
    file = tmp_path / "deep.py"
    for depth in (500, 50_000):
        file.write_text(f"def f(x):\n    return {'(' * depth}x{')' * depth}\n")
        result = numir("run", file, "f", "1")
        assert result.returncode in (0, 1), result.stderr[-500:]
        file.write_text(f"def f(x):\n    return {'-' * depth}x\n")
        result = numir("run", file, "f", "1")
        assert result.returncode in (0, 1), result.stderr[-500:]


def test_closed_output_is_no_panic():
    command = [binary(), "run", str(ROOT / "tests" / "programs" / "report.py"), "separators", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=os.getcwd()) as process:
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read().decode()
        process.wait(SECONDS)
    assert "panicked" not in said
    assert process.returncode in (0, 1, -signal.SIGPIPE, 128 + signal.SIGPIPE)
