"""Many cases in one process of `numir test-batch`; a process that dies costs the case that it died of."""

import json
import os
import pathlib
import subprocess
import tempfile

from harness.outcome import Failed, Outcome
from harness.values import decode

ROOT = pathlib.Path(__file__).resolve().parents[3]


def binary():
    """The command under test."""
    return os.environ.get("NUMIR", str(ROOT / "target" / "release" / "numir"))


class Runner:
    """Runs cases by a command that takes a file of cases and writes a line per case."""

    def __init__(self, command=None, seconds_per_case=20):
        self.command = command or [binary(), "test-batch"]
        self.seconds_per_case = seconds_per_case

    def run(self, cases):
        """The outcomes, in order."""
        outcomes = []
        while len(outcomes) < len(cases):
            outcomes += self.start(cases[len(outcomes) :])
        return outcomes

    def start(self, cases):
        """The outcomes that one process gives: of all cases, or of those up to the one that killed it."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "cases.json"
            file.write_text(json.dumps({"cases": [as_json(number, case) for number, case in enumerate(cases)]}))
            output, errors = pathlib.Path(folder) / "out", pathlib.Path(folder) / "err"
            with output.open("wb") as out, errors.open("wb") as err:
                try:
                    limit = 60 + self.seconds_per_case * len(cases)
                    code = subprocess.run([*self.command, str(file)], stdout=out, stderr=err, timeout=limit).returncode
                    death = f"exit code {code}"
                except subprocess.TimeoutExpired:
                    code, death = None, "no end in sight"
            lines = output.read_text().splitlines()
            complete = [line for line in lines if line.endswith("}")]
            outcomes = [as_outcome(number, json.loads(line)) for number, line in enumerate(complete)]
            if len(outcomes) < len(cases):
                said = errors.read_text(errors="replace").strip()[-400:]
                if not outcomes and code in (1, 2):
                    raise RuntimeError(f"{' '.join(self.command)} runs no cases: {said}")
                outcomes.append(Outcome(error=Failed("Crash", f"{death}: {said}")))
            return outcomes


def as_json(number, case):
    """A case as the command reads it."""
    fields = {"id": number, "file": case.file, "function": case.function, "args": case.arguments}
    return fields | ({"options": case.options} if case.options else {})


def as_outcome(number, line):
    """What the command wrote about a case."""
    if line["id"] != number:
        raise RuntimeError(f"the outcome of case {line['id']} came in the place of case {number}")
    arguments = [None if item is None else decode(item) for item in line.get("args", [])]
    outcome = Outcome(arguments=arguments, stdout=line.get("stdout", ""))
    if "error" in line:
        error = line["error"]
        outcome.error = Failed(error["type"], error["message"], error.get("line"), error.get("phase", "run"))
    else:
        outcome.value = decode(line["value"])
    return outcome
