"""The PTX of the programs among the snapshots is assembled by NVIDIA's ptxas for two architectures, and what it says of each kernel's
registers, spills and shared memory stands beside the PTX: a change shows in review. `NUMIR_BLESS=1` writes it anew."""

import os
import pathlib
import re
import subprocess

import pytest

from harness.ptx import PTXAS, assemble

ROOT = pathlib.Path(__file__).resolve().parents[2]
SNAPSHOTS = sorted((ROOT / "snapshots").glob("*/cuda/ptx.snap"))
NUMIR = os.environ.get("NUMIR", ROOT / "target" / "release" / "numir")
ARCHITECTURES = ["sm_80", "sm_90"]

KERNEL = re.compile(r"Compiling entry function '(\w+)'")
FRAME = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
REGISTERS = re.compile(r"Used (\d+) registers")
SHARED = re.compile(r"(\d+) bytes smem")


def resources(ptx, architecture, folder):
    """A line for each kernel: registers, bytes of the frame, of spills, of shared memory."""
    lines, frame = [], (0, 0, 0)
    for line in assemble(ptx, architecture, folder, "-v").splitlines():
        if found := KERNEL.search(line):
            kernel = found[1]
        elif found := FRAME.search(line):
            frame = tuple(map(int, found.groups()))
        elif found := REGISTERS.search(line):
            shared = SHARED.search(line)
            spilled = frame[1] + frame[2]
            lines.append(
                f"{architecture} {kernel}: {found[1]} registers, frame {frame[0]}, spills {spilled},"
                f" shared {int(shared[1]) if shared else 0}"
            )
    return lines


def test_there_are_programs():
    assert len(SNAPSHOTS) >= 10


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda path: path.parts[-3])
def test_ptx_is_assembled(snapshot, tmp_path):
    ptx = snapshot.read_text().split("\n---\n", 1)[1]
    lines = [line for architecture in ARCHITECTURES for line in resources(ptx, architecture, tmp_path)]
    assert lines, "no kernel is in it"
    record = snapshot.with_name("resources.txt")
    text = "\n".join(lines) + "\n"
    if os.environ.get("NUMIR_BLESS"):
        record.write_text(text)
    assert record.read_text() == text


WRITTEN = sorted((ROOT / "tests" / "ir").glob("*.mlir"))


@pytest.mark.parametrize("source", WRITTEN, ids=lambda path: path.stem)
def test_written_kernels_are_assembled(source, tmp_path):
    """What a front end emits for kernels that a program writes. Their shared memory is read as such, which is quicker than by any address."""
    lines = []
    for architecture in ARCHITECTURES:
        command = [NUMIR, "compile", source, "--target", f"cuda:{architecture}", "--emit", "ptx"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert ("st.shared" in done.stdout) == ("device_array" in source.read_text())
        for kernel in re.split(r"\n(?=\.(?:visible|func))", done.stdout):
            # What an error leaves behind goes to a place of any space.
            if kernel.startswith(".visible .entry") and "numir_raise" not in kernel:
                assert not re.search(r"\b(ld|st)\.[bfsu]\d+", kernel), kernel
        lines += resources(done.stdout, architecture, tmp_path)
    record = source.with_suffix(".resources.txt")
    text = "\n".join(lines) + "\n"
    if os.environ.get("NUMIR_BLESS"):
        record.write_text(text)
    assert record.read_text() == text


def test_machine_code_is_made_by_ptxas(tmp_path):
    def compile_to(file, **environment):
        program = ROOT / "tests" / "programs" / "life.py"
        command = [NUMIR, "compile", f"{program}:generation", "--target", "cuda:sm_90", "--emit", "cubin", "-o", file]
        settings = {**os.environ, "PATH": "", **environment}
        return subprocess.run(command, env=settings, capture_output=True, text=True)

    done = compile_to(tmp_path / "life.cubin", NUMIR_PTXAS=str(PTXAS))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "life.cubin").read_bytes().startswith(b"\x7fELF")
    missing = compile_to(tmp_path / "none.cubin", NUMIR_PTXAS="/nowhere/ptxas", CUDA_HOME="", CUDA_PATH="")
    assert missing.returncode == 1 and "there is no ptxas" in missing.stderr


PRODUCTS = [("f32", ""), ("f64", ""), ("c64", ""), ("f16", ""), ("f32", "tf32"), ("f32", "bf16")]


def test_products_are_assembled(tmp_path):
    """The kernels of products of matrices keep their sums in registers, and those of small floats multiply on tensor cores."""
    source = ROOT / "tests" / "ir" / "product.py"
    lines = []
    for ty, flag in PRODUCTS:
        for architecture in ARCHITECTURES:
            types = f"{ty}[:,::1], {ty}[:,::1]"
            command = [NUMIR, "compile", f"{source}:product", "--types", types, "--target", f"cuda:{architecture}"]
            command += ["--emit", "ptx"] + ([f"--fastmath={flag}"] if flag else [])
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            assert ("mma.sync" in done.stdout) == ("cp.async" in done.stdout) == bool(flag or ty == "f16")
            lines += [f"{flag or ty} {line}" for line in resources(done.stdout, architecture, tmp_path)]
    assert all("frame 0, spills 0" in line for line in lines if "tiles" in line)
    record = source.with_suffix(".resources.txt")
    text = "\n".join(lines) + "\n"
    if os.environ.get("NUMIR_BLESS"):
        record.write_text(text)
    assert record.read_text() == text
