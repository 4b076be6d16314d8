"""Packs the GPU benchmark into one archive, for a machine that has a GPU, Python and NumPy: `make bench-gpu-pack`.

In it are numir's programs, compiled for two architectures and for the simulator, the program that runs them, and `run.py`. A program that numir does not
compile is listed with the reason.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

import cases  # noqa: E402

ARCHITECTURES = {"sm_80": "cuda:sm_80", "sm_90": "cuda:sm_90", "cuda-sim": "cuda-sim"}

# What goes into the archive as it is.
SOURCES = ("run.py", "cases.py", "peers", "README.md")

NAME = "gpu-bench"


def build(numir, folder, case, architecture):
    """Compile a program into the folder; its entry of the manifest."""
    types = case.types.replace(" ", "").replace(":", "").replace("[", "").replace("]", "").replace(",", "-")
    file = pathlib.Path("programs") / architecture / f"{case.function}{case.liberty and '-' + case.liberty}-{types}.nmx"
    if (folder / file).exists():
        return {"file": str(file)}
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    # The machine that runs it has another CPU.
    command = [numir, "build", f"{HERE / 'programs.py'}:{case.function}", "--types", case.types, "--cpu", "x86-64-v3",
               "--target", ARCHITECTURES[architecture], "-o", folder / file]  # fmt: skip
    command += [f"--fastmath={case.liberty}"] if case.liberty else []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return {"reason": done.stderr.splitlines()[0].removeprefix("error: ")}
    return {"file": str(file)}


def fill(folder, numir, runtime, architectures):
    """Everything that is in the archive."""
    for name in SOURCES:
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        options = {"ignore": shutil.ignore_patterns("__pycache__")} if (HERE / name).is_dir() else {}
        copy(HERE / name, folder / name, **options)
    shutil.copy(runtime, folder / "numir-rt")
    manifest = {
        architecture: {case.name: build(numir, folder, case, architecture) for case in cases.CASES}
        for architecture in architectures
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    for name, made in manifest[architectures[0]].items():
        if "reason" in made:
            print(f"{name} is not built: {made['reason']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=pathlib.Path, default=ROOT / "target" / "numir-gpu-bench.tar.gz")
    parser.add_argument("--numir", type=pathlib.Path, default=ROOT / "target" / "release" / "numir")
    parser.add_argument("--runtime", type=pathlib.Path, default=ROOT / "target" / "release" / "numir-rt")
    parser.add_argument("--architectures", nargs="+", choices=ARCHITECTURES, default=list(ARCHITECTURES))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / NAME
        folder.mkdir()
        fill(folder, arguments.numir, arguments.runtime, arguments.architectures)
        with tarfile.open(arguments.output, "w:gz") as archive:
            archive.add(folder, NAME)
    print(
        f"{arguments.output}: {arguments.output.stat().st_size / 1e6:.1f} MB; there: tar xf {arguments.output.name} && python3 {NAME}/run.py"
    )


if __name__ == "__main__":
    main()
